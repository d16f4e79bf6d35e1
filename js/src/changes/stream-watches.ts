/**
 * Who wants to be told of which tables' streams, kept where the engine is. A watch ends with the telling: so a listener that is slow, or a page
 * that is frozen, has one message of each table waiting for it and no more, however much is written meanwhile.
 */
import type { StreamListener } from "./listener.ts";

export class StreamWatches {
  /** Everybody who has ever watched, with what is watched now. */
  readonly #watched = new Map<StreamListener, Set<string>>();

  /** Whether anybody watches anything. */
  get any(): boolean {
    for (const { size } of this.#watched.values()) if (size > 0) return true;
    return false;
  }

  /** Tells the listener once of each of these tables. */
  watch(tables: readonly string[], listener: StreamListener): void {
    const names = this.#watched.get(listener) ?? new Set();
    for (const table of tables) names.add(table);
    this.#watched.set(listener, names);
  }

  /** The listener is gone. */
  forget(listener: StreamListener): void {
    this.#watched.delete(listener);
  }

  /** The streams of these tables may have changed. */
  changed(tables: readonly string[]): void {
    for (const [listener, names] of this.#watched) {
      const told = tables.filter((table) => names.delete(table));
      if (told.length > 0) listener.changed(told);
    }
  }

  /** Nobody knows what has changed. */
  anyChanged(): void {
    for (const [listener, names] of this.#watched) {
      if (names.size === 0) continue;
      names.clear();
      listener.changed();
    }
  }

  /** Another database stands in this one's place. That concerns those, too, who have not dealt with what they were told last. */
  replaced(): void {
    for (const listener of this.#watched.keys()) listener.replaced();
  }
}
