/** What was asked since the page was opened, with measurements, and the requests kept over reloads (`saved-requests.ts`). */
import { signal } from "@preact/signals";
import type { Exchange } from "../database/exchange.ts";

/** Answers are kept of this many exchanges; of older ones the request alone, so that history may go on without limit. */
const WITH_ANSWERS = 50;

export interface HistoryEntry {
  database: string;
  exchange: Exchange;
}

export class History {
  /** The newest last. */
  readonly entries = signal<readonly HistoryEntry[]>([]);

  add(database: string, exchange: Exchange): void {
    const entries = [...this.entries.peek(), { database, exchange }];
    const old = entries[entries.length - 1 - WITH_ANSWERS];
    if (old) entries[entries.length - 1 - WITH_ANSWERS] = { ...old, exchange: { ...old.exchange, answer: {} } };
    this.entries.value = entries;
  }
}
