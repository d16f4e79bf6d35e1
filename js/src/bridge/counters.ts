/**
 * What crossed the bridge, counted on the JavaScript side: every imported call that reaches SQLite passes here, so a test that asserts
 * "one crossing" cannot be fooled by the engine's own bookkeeping.
 */
export class BridgeCounters {
  /** Frames executed. */
  crossings = 0;
  /** Statements run, the failed one included; "forget" runs nothing and is not counted. */
  statements = 0;
  /** Commits tried. */
  commits = 0;
  /** Bytes of frames, engine to SQLite. */
  bytesIn = 0;
  /** Bytes of answers, SQLite to engine. */
  bytesOut = 0;

  reset(): void {
    this.crossings = 0;
    this.statements = 0;
    this.commits = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
  }
}
