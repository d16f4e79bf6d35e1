import { afterEach, expect, it, vi } from "vitest";
import { sqliteNames } from "../../../scripts/generate-sqlite-builds.mjs";
import { type FrameStatement, WANT_ALL_ROWS, WANT_NOTHING } from "../../src/bridge/frame.ts";
import { loadWaSqliteAssets } from "../../src/drivers/assets-node.ts";
import { openInstance } from "../../src/drivers/sqlite-module.ts";
import { querySql } from "../../src/drivers/statement.ts";
import { DEFAULT_PAGE_BYTES, openWaSqlite } from "../../src/drivers/wa-sqlite.ts";
import { FrameRunner } from "./frame-runner.ts";
import { RecordingFiles } from "./recording-file.ts";

/** C functions that only a test calls. */
interface TestFunctions {
  _sqlite3_next_stmt(db: number, after: number): number;
  _sqlite3_stmt_status(statement: number, counter: number, reset: number): number;
}
const STMTSTATUS_REPREPARE = 5;

afterEach(() => void vi.restoreAllMocks());

it("a statement with a range is prepared once, however often its bounds are bound", async () => {
  const instantiate = vi.spyOn(WebAssembly, "instantiate");
  const driver = await openWaSqlite(await loadWaSqliteAssets(), { files: new RecordingFiles() });
  const instance = (await instantiate.mock.results[0]?.value) as WebAssembly.Instance;
  const { exports } = openInstance<TestFunctions>(instance, { imports: {}, exports: sqliteNames.waSqlite().exports });
  const runner = new FrameRunner(driver);
  runner.results([
    { id: 0, want: WANT_NOTHING, runOnce: true, sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, h INTEGER, pk TEXT, sk TEXT)" },
    { id: 0, want: WANT_NOTHING, runOnce: true, sql: "CREATE UNIQUE INDEX t_key ON t (h, pk, sk)" },
  ]);
  const sql = "SELECT id FROM t WHERE h = ?1 AND pk = ?2 AND sk >= ?3 AND sk < ?4 ORDER BY sk LIMIT ?5";
  const range = (key: string): FrameStatement => ({ id: 1, want: WANT_ALL_ROWS, parameters: [7n, "pk", key, `${key}~`, 10n] });
  runner.results([{ ...range("first"), sql }]);
  const statement = exports._sqlite3_next_stmt(driver.db, 0);
  exports._sqlite3_stmt_status(statement, STMTSTATUS_REPREPARE, 1);
  for (let run = 0; run < 20; run += 1) runner.results([range(`key ${run}`)]);
  expect(exports._sqlite3_stmt_status(statement, STMTSTATUS_REPREPARE, 0)).toBe(0);
  runner.close();
});

it("a new database has the default page size, and keeps it when another is asked for", async () => {
  const assets = await loadWaSqliteAssets();
  const files = new RecordingFiles();
  const first = await openWaSqlite(assets, { files });
  querySql(first, "CREATE TABLE t (v)");
  expect(querySql(first, "PRAGMA page_size")).toEqual([[String(DEFAULT_PAGE_BYTES)]]);
  first.close();
  const second = await openWaSqlite(assets, { files, pageBytes: 4096 });
  expect(querySql(second, "PRAGMA page_size")).toEqual([[String(DEFAULT_PAGE_BYTES)]]);
  second.close();
});

it("closing with statements still prepared lets go of everything", async () => {
  const files = new RecordingFiles();
  let released = 0;
  files.release = () => {
    released += 1;
  };
  const driver = await openWaSqlite(await loadWaSqliteAssets(), { files });
  const runner = new FrameRunner(driver);
  runner.results([{ id: 1, want: WANT_ALL_ROWS, sql: "SELECT 1" }]);
  driver.close();
  driver.close();
  expect(released).toBe(1);
  expect(driver.usable).toBe(false);
});

it("a connection that is opened again sees what stands in the files, and nothing that was open in the old one", async () => {
  const files = new RecordingFiles();
  const driver = await openWaSqlite(await loadWaSqliteAssets(), { files });
  const runner = new FrameRunner(driver);
  const run = (sql: string) => runner.results([{ id: 0, want: WANT_NOTHING, runOnce: true, sql }]);
  run("CREATE TABLE t (v)");
  run("INSERT INTO t VALUES ('stands')");
  run("BEGIN");
  run("INSERT INTO t VALUES ('open')");
  runner.executor.reopen();
  expect(querySql(driver, "SELECT v FROM t")).toEqual([["stands"]]);
  run("INSERT INTO t VALUES ('new')");
  expect(querySql(driver, "SELECT v FROM t")).toEqual([["stands"], ["new"]]);
  runner.close();
});
