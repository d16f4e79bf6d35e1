/** What a request did in SQLite, for a caller that asks (`onTrace`): noted where the frames run, and sent along with the reply. */

/** A statement that ran. */
export interface TracedStatement {
  /** Its text; values are bound to its parameters. */
  sql: string;
  /** How often it ran. */
  executions: number;
  /** Rows it gave, in all of its runs. */
  rows: number;
}

/** What one request did in SQLite. */
export interface RequestTrace {
  /** Calls from the engine to SQLite: frames. */
  crossings: number;
  /** The statements in those frames, in the order in which each ran first. */
  statements: TracedStatement[];
  /** Bytes of the frames, engine to SQLite. */
  bytesIn: number;
  /** Bytes of the answers, SQLite to engine. */
  bytesOut: number;
}
