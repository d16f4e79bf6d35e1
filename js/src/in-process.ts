/** The transport without a worker: the engine in this thread. Node, a worker of the user's own, or a page that asks for it. */
import type { StreamListener } from "./changes/listener.ts";
import type { Counters } from "./counters.ts";
import { dumpDatabase, loadDatabase } from "./dump/dump.ts";
import type { EngineHost } from "./engine-host.ts";
import type { ReplySink } from "./reply-sink.ts";
import type { OpenResult, Transport } from "./transport.ts";

export class InProcessTransport implements Transport {
  readonly opened: OpenResult;
  readonly #host: EngineHost;
  readonly #close: () => Promise<void>;

  /** `close` closes the host and whatever was opened or locked around it. */
  constructor(host: EngineHost, opened: OpenResult, close: () => Promise<void> = () => host.close()) {
    this.#host = host;
    this.opened = opened;
    this.#close = close;
  }

  send(batch: Uint8Array<ArrayBuffer>, sink: ReplySink, traced?: boolean): void {
    this.#host.submit(batch, sink, undefined, traced);
  }

  watch(tables: readonly string[], listener: StreamListener): void {
    this.#host.watch(tables, listener);
  }

  counters(): Promise<Counters> {
    return Promise.resolve(this.#host.counters);
  }

  dump(): Promise<Blob> {
    return dumpDatabase(this.#host);
  }

  load(file: Blob): Promise<void> {
    return loadDatabase(this.#host, file);
  }

  close(): Promise<void> {
    return this.#close();
  }
}
