/** What the database has done so far, counted on the JavaScript side of the bridge. */

/** Every imported call that reached SQLite, and what it carried. They start at 0 with the database and survive a new epoch. */
export interface Counters {
  /** Calls from the engine to SQLite: frames. */
  crossings: number;
  /** Statements in those frames. */
  statements: number;
  /** Bytes of the frames, engine to SQLite. */
  bytesIn: number;
  /** Bytes of the answers, SQLite to engine. */
  bytesOut: number;
  /** Batches of requests the engine was given. */
  batches: number;
  /** Requests in those batches. */
  requests: number;
  /** Engines started: 1, and one more after every crash. */
  epochs: number;
}

/** The part a connection counts. */
export type ConnectionCounters = Pick<Counters, "crossings" | "statements" | "bytesIn" | "bytesOut">;

/** Nothing counted yet. */
export function noConnectionCounters(): ConnectionCounters {
  return { crossings: 0, statements: 0, bytesIn: 0, bytesOut: 0 };
}

/** The sums of two. */
export function addConnectionCounters(a: ConnectionCounters, b: ConnectionCounters): ConnectionCounters {
  return {
    crossings: a.crossings + b.crossings,
    statements: a.statements + b.statements,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}
