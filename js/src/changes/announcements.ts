/** What a database hears of its tables' streams, passed on to those who read them. */
import type { Transport } from "../transport.ts";
import type { StreamListener } from "./listener.ts";

/** Who reads the stream of a table. */
export interface StreamReader {
  /** It may have changed since the last `watch`. */
  changed(): void;
  replaced(): void;
}

export class Announcements implements StreamListener {
  readonly #transport: Transport;
  readonly #readers = new Map<string, Set<StreamReader>>();
  /** Tables whose next change will be announced. */
  readonly #watched = new Set<string>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Tells the reader what becomes of the stream of the table; returns what ends that. */
  subscribe(table: string, reader: StreamReader): () => void {
    const readers = this.#readers.get(table) ?? new Set();
    this.#readers.set(table, readers.add(reader));
    return () => {
      readers.delete(reader);
      if (readers.size === 0 && this.#readers.get(table) === readers) this.#readers.delete(table);
    };
  }

  /** What is written from here on is announced, once. A read that is sent after this misses nothing. */
  watch(table: string): void {
    if (this.#watched.has(table)) return;
    this.#watched.add(table);
    this.#transport.watch([table], this);
  }

  changed(tables?: readonly string[]): void {
    if (!tables) this.#watched.clear();
    for (const table of tables ?? [...this.#readers.keys()]) {
      this.#watched.delete(table);
      for (const reader of this.#readers.get(table) ?? []) reader.changed();
    }
  }

  replaced(): void {
    for (const readers of this.#readers.values()) for (const reader of readers) reader.replaced();
  }
}
