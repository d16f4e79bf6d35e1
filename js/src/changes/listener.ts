/** Who is told that streams have changed: a database in this thread, or a page behind a port. */

/** Hears of what it watched. */
export interface StreamListener {
  /** Something may have happened in the streams of these tables, of all of them where none are named. Each is watched no more. */
  changed(tables?: readonly string[]): void;
  /** Another database stands in this one's place: what was read of its streams has no continuation. */
  replaced(): void;
}
