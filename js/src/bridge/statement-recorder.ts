/** Notes the statements that run while somebody wants to know. SQLite keeps their texts; nothing is kept here before. */
import type { Pointer, SqliteDriver } from "../drivers/driver.ts";
import { readCString } from "../drivers/statement.ts";
import type { TracedStatement } from "../request-trace.ts";

export class StatementRecorder {
  readonly #driver: SqliteDriver;
  readonly #statements = new Map<string, TracedStatement>();

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
  }

  /** What has run so far, in the order in which each statement ran first. */
  get statements(): TracedStatement[] {
    return [...this.#statements.values()];
  }

  /** A statement is about to run. */
  runs(statement: Pointer): void {
    this.#known(statement).executions += 1;
  }

  /** It gave so many rows. */
  gave(statement: Pointer, rows: number): void {
    this.#known(statement).rows += rows;
  }

  #known(statement: Pointer): TracedStatement {
    const sql = readCString(this.#driver.memory, this.#driver.api.sql(statement));
    let known = this.#statements.get(sql);
    if (known === undefined) {
      known = { sql, executions: 0, rows: 0 };
      this.#statements.set(sql, known);
    }
    return known;
  }
}
