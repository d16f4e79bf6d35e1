/** A database's files copied out of the browser, read in Node with the package's own driver: no engine between SQLite and the test. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadWaSqliteAssets } from "../js/src/drivers/assets-node.ts";
import type { SqliteDriver } from "../js/src/drivers/driver.ts";
import { querySql } from "../js/src/drivers/statement.ts";
import { openNodeFiles } from "../js/src/drivers/vfs/node-file.ts";
import { openWaSqlite } from "../js/src/drivers/wa-sqlite.ts";

/** A row, its columns as text, by their names. */
export type Row = Record<string, string>;

/** Copied files, opened: what an unclean end left in the log is recovered, as the browser would. */
export class DatabaseCopy {
  private constructor(
    private readonly folder: string,
    private readonly driver: SqliteDriver,
  ) {}

  /** Writes the files (base64 by name) to a folder of their own and opens them. */
  static async open(files: Record<string, string>): Promise<DatabaseCopy> {
    const folder = mkdtempSync(join(tmpdir(), "dynatab-copy-"));
    try {
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), Buffer.from(bytes, "base64"));
      return new DatabaseCopy(folder, await openWaSqlite(await loadWaSqliteAssets(), { files: openNodeFiles(folder) }));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What `PRAGMA integrity_check` says: one row `ok`, or the damage. */
  integrity(): string[] {
    return querySql(this.driver, "PRAGMA integrity_check").map(([text]) => text ?? "");
  }

  /** The columns of a table's rows, in the order of a SQL expression. */
  rows(table: string, columns: readonly string[], order: string): Row[] {
    const found = querySql(this.driver, `SELECT ${columns.join(", ")} FROM ${table} ORDER BY ${order}`);
    return found.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n] ?? ""])));
  }

  close(): void {
    this.driver.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
