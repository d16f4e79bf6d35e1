/**
 * Who wants to be told of which tables' streams, kept where the engine is. A watch ends with the telling: so a listener that is slow, or a page
 * that is frozen, has one message of each table waiting for it and no more, however much is written meanwhile.
 */
import type { StreamListener } from "./listener.ts";

export class StreamWatches {
  readonly #watched = new Map<StreamListener, Set<string>>();

  /** Whether anybody watches anything. */
  get any(): boolean {
    return this.#watched.size > 0;
  }

  /** Tells the listener once of each of these tables. */
  watch(tables: readonly string[], listener: StreamListener): void {
    const names = this.#watched.get(listener) ?? new Set();
    for (const table of tables) names.add(table);
    this.#watched.set(listener, names);
  }

  /** The streams of these tables may have changed. */
  changed(tables: readonly string[]): void {
    for (const [listener, names] of this.#watched) {
      const told = tables.filter((table) => names.delete(table));
      if (names.size === 0) this.#watched.delete(listener);
      if (told.length > 0) listener.changed(told);
    }
  }

  /** Nobody knows what has changed. */
  anyChanged(): void {
    const listeners = [...this.#watched.keys()];
    this.#watched.clear();
    for (const listener of listeners) listener.changed();
  }
}
