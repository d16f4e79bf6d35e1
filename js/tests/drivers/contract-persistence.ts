/**
 * Contract cases about databases that outlive their drivers: opening again, unclean ends, durability, checkpoints.
 */
import { type FrameStatement, WANT_ALL_ROWS, WANT_NOTHING } from "../../src/bridge/frame.ts";
import { querySql } from "../../src/drivers/statement.ts";
import type { DriverContractCase } from "./contract.ts";
import { equal, isTrue } from "./contract-assert.ts";
import { FrameRunner } from "./frame-runner.ts";

const CREATE: FrameStatement = { id: 0, want: WANT_NOTHING, runOnce: true, sql: "CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT)" };
const insert = (key: number, value: string): FrameStatement => ({
  id: 1,
  want: WANT_NOTHING,
  sql: "INSERT INTO t VALUES (?1, ?2)",
  parameters: [BigInt(key), value],
});

function keys(runner: FrameRunner): unknown {
  const [rows] = runner.results([{ id: 2, want: WANT_ALL_ROWS, sql: "SELECT k FROM t ORDER BY k" }]);
  return rows?.kind === "rows" && rows.rows.map((row) => Number(row[0]));
}

export const persistenceCases: readonly DriverContractCase[] = [
  {
    name: "a closed database is found again, the log copied into the file",
    persistentOnly: true,
    run: async (maker) => {
      const first = new FrameRunner(await maker.open("reopen"));
      first.results([CREATE, insert(1, "a"), insert(2, "b")]);
      first.close();
      const second = new FrameRunner(await maker.open("reopen"));
      equal(keys(second), [1, 2], "keys");
      equal(second.driver.walBytes(), 0, "bytes of log after a clean end");
      second.close();
    },
  },
  {
    name: "after an unclean end every committed write is there and no other",
    persistentOnly: true,
    run: async (maker) => {
      for (const durability of ["strict", "relaxed"] as const) {
        const name = `unclean-${durability}`;
        const first = new FrameRunner(await maker.open(name, { durability }));
        first.results([CREATE, insert(1, "a"), { id: 3, want: WANT_NOTHING, sql: "BEGIN" }, insert(2, "b")]);
        first.results([{ id: 4, want: WANT_NOTHING, sql: "COMMIT" }]);
        first.results([{ id: 3, want: WANT_NOTHING }, insert(3, "never committed")]);
        maker.abandon(first.driver);
        const second = new FrameRunner(await maker.open(name, { durability }));
        equal(keys(second), [1, 2], `keys, ${durability}`);
        equal(querySql(second.driver, "PRAGMA integrity_check"), [["ok"]], `integrity, ${durability}`);
        second.close();
      }
    },
  },
  {
    name: "an existing database changes its durability when it is opened",
    persistentOnly: true,
    run: async (maker) => {
      const levels: [string, "strict" | "relaxed", string][] = [
        ["created strict", "strict", "2"],
        ["opened relaxed", "relaxed", "1"],
        ["opened strict again", "strict", "2"],
      ];
      for (const [index, [what, durability, synchronous]] of levels.entries()) {
        const runner = new FrameRunner(await maker.open("durability", { durability }));
        if (index === 0) runner.results([CREATE]);
        equal(querySql(runner.driver, "PRAGMA synchronous"), [[synchronous]], what);
        equal(querySql(runner.driver, "PRAGMA journal_mode"), [["wal"]], what);
        runner.results([insert(index, what)]);
        equal(
          keys(runner),
          Array.from({ length: index + 1 }, (_value, key) => key),
          what,
        );
        runner.close();
      }
    },
  },
  {
    name: "a checkpoint empties the log, and writing goes on from its beginning",
    persistentOnly: true,
    run: async (maker) => {
      const runner = new FrameRunner(await maker.open("checkpoint"));
      runner.results([CREATE]);
      for (let round = 0; round < 3; round += 1) {
        for (let key = 0; key < 20; key += 1) runner.results([insert(round * 20 + key, "x".repeat(5000))]);
        const before = runner.driver.walBytes();
        isTrue(before > 20 * 5000, `the log holds the writes: ${before} bytes`);
        equal(runner.driver.checkpoint(), { complete: true, walBytes: 0 }, `checkpoint ${round}`);
      }
      runner.results([insert(1000, "after")]);
      isTrue(runner.driver.walBytes() < 64 * 1024, "the log starts again");
      maker.abandon(runner.driver);
      const second = new FrameRunner(await maker.open("checkpoint"));
      equal((keys(second) as number[]).length, 61, "keys");
      second.close();
    },
  },
  {
    name: "a database that is open cannot be opened a second time, and can once it is closed",
    persistentOnly: true,
    run: async (maker) => {
      const first = new FrameRunner(await maker.open("busy"));
      first.results([CREATE]);
      const refused = await maker.open("busy").then(
        () => "opened",
        (error: unknown) => (error instanceof Error ? error.name : "something else"),
      );
      equal(refused, "DatabaseBusyError", "the second open");
      first.results([insert(1, "still fine")]);
      first.close();
      const second = new FrameRunner(await maker.open("busy"));
      equal(keys(second), [1], "keys");
      second.close();
    },
  },
];
