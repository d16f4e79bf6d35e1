import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { sqliteBuilds, sqliteNames } from "../../../scripts/generate-sqlite-builds.mjs";
import { loadSqlJsAssets, loadWaSqliteAssets } from "../../src/drivers/assets-node.ts";
import type { SqliteDriver } from "../../src/drivers/driver.ts";
import { openSqlJs } from "../../src/drivers/sqljs.ts";
import { querySql } from "../../src/drivers/statement.ts";
import { openWaSqlite } from "../../src/drivers/wa-sqlite.ts";
import { RecordingFiles } from "./recording-file.ts";

afterEach(() => void vi.restoreAllMocks());

const drivers = [
  { name: "sql.js", names: sqliteNames.sqlJs, open: async () => openSqlJs(await loadSqlJsAssets()) },
  {
    name: "wa-sqlite",
    names: sqliteNames.waSqlite,
    open: async () => openWaSqlite(await loadWaSqliteAssets(), { files: new RecordingFiles() }),
  },
];

/** Opens a driver and notes which imports are called. */
async function openNoting(open: () => Promise<SqliteDriver>): Promise<{ driver: SqliteDriver; called: Set<string> }> {
  const called = new Set<string>();
  const { instantiate } = WebAssembly;
  vi.spyOn(WebAssembly, "instantiate").mockImplementation(((
    module: WebAssembly.Module,
    imports: Record<string, Record<string, () => number>>,
  ) => {
    const noting = Object.entries(imports).map(([from, functions]) => {
      const each = Object.entries(functions).map(([name, answer]) => {
        const noted = (...args: []) => {
          called.add(name);
          return answer(...args);
        };
        return [name, noted];
      });
      return [from, Object.fromEntries(each)];
    });
    return instantiate(module, Object.fromEntries(noting));
  }) as unknown as typeof instantiate);
  return { driver: await open(), called };
}

/** What makes SQLite sort, spill, undo, rewrite, and grow its heap well beyond what it starts with. */
function work(driver: SqliteDriver): void {
  const run = (sql: string) => querySql(driver, sql);
  run("CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)");
  const rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
  run(`${rows} INSERT INTO t SELECT i, hex(randomblob(8)), printf('%.*c', 20000, 'x') FROM n`);
  run("CREATE INDEX by_k ON t (k)");
  run("BEGIN");
  run("SAVEPOINT s");
  run("DELETE FROM t WHERE id % 2 = 0");
  run("ROLLBACK TO s");
  run("COMMIT");
  run("VACUUM");
  expect(run("SELECT count(*), sum(length(v)) FROM (SELECT * FROM t ORDER BY v, k DESC)")).toEqual([["2000", "40000000"]]);
  expect(run("PRAGMA integrity_check")).toEqual([["ok"]]);
}

it("the names in the generated file are those of the installed packages", () => {
  const generated = new URL("../../src/generated/sqlite-builds.ts", import.meta.url);
  expect(readFileSync(generated, "utf8")).toBe(sqliteBuilds());
});

it.each(drivers)("$name needs no more of a system than the time, entropy and room to grow", async ({ open, names }) => {
  const { driver, called } = await openNoting(open);
  const before = driver.memory.buffer.byteLength;
  work(driver);
  expect(driver.memory.buffer.byteLength).toBeGreaterThan(before + 40_000_000);
  driver.close();
  const { imports } = names();
  const others = [...called].filter((name) => imports[name] === undefined);
  expect(others).toEqual([]);
  expect([...called].map((name) => imports[name])).not.toContain("abort");
});

it.each(drivers)("$name begins its random numbers with entropy: no two connections draw the same", async ({ open }) => {
  const drawn = new Set<unknown>();
  for (let connection = 0; connection < 3; connection += 1) {
    const driver = await open();
    drawn.add(querySql(driver, "SELECT hex(randomblob(16))")[0]?.[0]);
    driver.close();
  }
  expect(drawn.size).toBe(3);
});

it("a heap that cannot grow is an error of SQLite's, and the database goes on", async () => {
  const driver = await openSqlJs(await loadSqlJsAssets());
  querySql(driver, "CREATE TABLE t (v TEXT)");
  vi.spyOn(driver.memory, "grow").mockImplementation(() => {
    throw new RangeError("no more memory");
  });
  expect(() => querySql(driver, "INSERT INTO t VALUES (printf('%.*c', 200000000, 'x'))")).toThrow(/memory/);
  expect(querySql(driver, "SELECT count(*) FROM t")).toEqual([["0"]]);
  vi.restoreAllMocks();
  querySql(driver, "INSERT INTO t VALUES (printf('%.*c', 20000000, 'x'))");
  expect(querySql(driver, "SELECT length(v) FROM t")).toEqual([["20000000"]]);
  driver.close();
});
