/** The way from a `Database` to its engine. Three ways are meant, one interface: in this thread, in a dedicated worker, in another tab's. */
import type { StreamListener } from "./changes/listener.ts";
import type { Counters } from "./counters.ts";
import type { Persistence } from "./options.ts";
import type { ReplySink } from "./reply-sink.ts";

/** What is known once a database is open. */
export interface OpenResult {
  persistence: Persistence;
  /** Why the database is in memory although something durable was wished for. */
  reason?: string;
}

/** An open way to an engine. */
export interface Transport {
  readonly opened: OpenResult;
  /** Sends a packed batch, whose buffer is given away. What becomes of it goes to the sink; of one request that is traced, its trace too. */
  send(batch: Uint8Array<ArrayBuffer>, sink: ReplySink, traced?: boolean): void;
  /**
   * Tells the listener once of each of these tables when something may have happened in its stream, and at once of all when this way to the
   * engine is lost.
   */
  watch(tables: readonly string[], listener: StreamListener): void;
  counters(): Promise<Counters>;
  /** The whole database as one SQLite file. */
  dump(): Promise<Blob>;
  /** Replaces the database by one in such a file. */
  load(file: Blob): Promise<void>;
  /** Finishes what was sent and closes the database. */
  close(): Promise<void>;
}
