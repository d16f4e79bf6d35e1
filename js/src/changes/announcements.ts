/** What a database hears of its tables' streams, passed on to those who read them. */
import type { Transport } from "../transport.ts";
import type { StreamListener } from "./listener.ts";

export class Announcements implements StreamListener {
  readonly #transport: Transport;
  readonly #readers = new Map<string, Set<() => void>>();
  /** Tables whose next change will be announced. */
  readonly #watched = new Set<string>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Has `heard` called whenever the stream of the table may have changed since the last `watch`; returns what ends that. */
  subscribe(table: string, heard: () => void): () => void {
    const readers = this.#readers.get(table) ?? new Set();
    this.#readers.set(table, readers.add(heard));
    return () => {
      readers.delete(heard);
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
      for (const heard of this.#readers.get(table) ?? []) heard();
    }
  }
}
