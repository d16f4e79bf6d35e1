import { beforeAll, describe, expect, it } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import { type FrameStatement, STATUS_FAILED, WANT_ALL_ROWS, WANT_NOTHING } from "../../src/bridge/frame.ts";
import { loadWaSqliteAssets } from "../../src/drivers/assets-node.ts";
import type { SqliteDriver } from "../../src/drivers/driver.ts";
import { querySql } from "../../src/drivers/statement.ts";
import { type Durability, openWaSqlite, type WaSqliteAssets } from "../../src/drivers/wa-sqlite.ts";
import { seeded } from "../seeded.ts";
import { FrameRunner } from "./frame-runner.ts";
import { type Recorded, RecordingFiles } from "./recording-file.ts";

let assets: WaSqliteAssets;
beforeAll(async () => {
  assets = await loadWaSqliteAssets();
});

const PAGE_BYTES = 4096;
const FRAME_BYTES = PAGE_BYTES + 24;

interface Opened {
  files: RecordingFiles;
  driver: SqliteDriver;
  runner: FrameRunner;
}

async function open(files: RecordingFiles, durability: Durability = "strict"): Promise<Opened> {
  const driver = await openWaSqlite(assets, { files, durability, pageBytes: PAGE_BYTES });
  return { files, driver, runner: new FrameRunner(driver) };
}

async function create(durability: Durability = "strict"): Promise<Opened> {
  const opened = await open(new RecordingFiles(), durability);
  const sql = "CREATE TABLE t (k INTEGER PRIMARY KEY, v TEXT)";
  opened.runner.results([{ id: 0, want: WANT_NOTHING, runOnce: true, sql }, insert(0, "first")]);
  opened.files.device.take();
  return opened;
}

const begin: FrameStatement = { id: 10, want: WANT_NOTHING, sql: "BEGIN IMMEDIATE" };
const commit: FrameStatement = { id: 11, want: WANT_NOTHING, sql: "COMMIT" };
const rollback: FrameStatement = { id: 12, want: WANT_NOTHING, sql: "ROLLBACK" };
function insert(key: number, value: string): FrameStatement {
  return { id: 1, want: WANT_NOTHING, sql: "INSERT INTO t VALUES (?1, ?2)", parameters: [BigInt(key), value] };
}

function keys(runner: FrameRunner): number[] {
  const [rows] = runner.results([{ id: 2, want: WANT_ALL_ROWS, sql: "SELECT k FROM t ORDER BY k" }]);
  return rows?.kind === "rows" ? rows.rows.map((row) => Number(row[0])) : [];
}

const calls = (recorded: readonly Recorded[]) => recorded.map((call) => `${call.call} ${call.file}`);

describe("joined writes", () => {
  it("a commit of many pages reaches the log as one write, flushed before COMMIT returns", async () => {
    const { files, runner } = await create();
    runner.results([begin, ...Array.from({ length: 20 }, (_value, index) => insert(index + 1, "x".repeat(3000)))]);
    expect(files.device.take(), "nothing is written before the commit").toEqual([]);
    runner.results([commit]);
    const recorded = files.device.take();
    expect(calls(recorded)).toEqual(["write wal", "flush wal"]);
    expect(recorded[0]?.bytes).toBeGreaterThan(20 * FRAME_BYTES);
    runner.close();
  });

  it("a relaxed commit is written before COMMIT returns, and not flushed", async () => {
    const { files, runner } = await create("relaxed");
    for (let key = 1; key < 5; key += 1) {
      runner.results([insert(key, "x")]);
      expect(calls(files.device.take())).toEqual(["write wal"]);
    }
    runner.close();
  });

  it("the header of a new log is durable before any frame behind it is written", async () => {
    const { files, driver, runner } = await create();
    expect(driver.checkpoint()).toEqual({ complete: true, walBytes: 0 });
    files.device.take();
    runner.results([insert(1, "x")]);
    expect(files.device.take()).toMatchObject([
      { file: "wal", call: "write", at: 0, bytes: 32 },
      { file: "wal", call: "flush" },
      { file: "wal", call: "write", at: 32, bytes: FRAME_BYTES },
      { file: "wal", call: "flush" },
    ]);
    runner.close();
  });

  it("a transaction larger than the page cache reads what it has written to the log", async () => {
    const { files, driver, runner } = await create();
    querySql(driver, "PRAGMA cache_size=10");
    const rows = 300;
    runner.results([begin]);
    for (let key = 1; key <= rows; key += 1) runner.results([insert(key, String(key).repeat(500))]);
    const [sums] = runner.results([
      { id: 3, want: WANT_ALL_ROWS, sql: "SELECT count(*), sum(v = replace(hex(zeroblob(250)), '00', k || k)) FROM t WHERE k > 0" },
    ]);
    expect(sums).toMatchObject({ rows: [[BigInt(rows), BigInt(rows)]] });
    runner.results([commit]);
    const writes = files.device.take().filter((call) => call.file === "wal" && call.call === "write");
    expect(writes.length, "spilled pages are joined too").toBeLessThan(rows / 2);
    expect(querySql(driver, "PRAGMA integrity_check")).toEqual([["ok"]]);
    runner.close();
  });

  it("a checkpoint makes the log durable before the database file changes, and the file before the log is given up", async () => {
    const { files, driver, runner } = await create("relaxed");
    runner.results([insert(1, "x")]);
    files.device.take();
    driver.checkpoint();
    const order = calls(files.device.take());
    expect(order[0]).toBe("flush wal");
    expect(order.at(-1)).toBe("flush database");
    expect(order.slice(1, -1).every((call) => call === "write database" || call === "truncate database")).toBe(true);
    runner.close();
  });

  it("pages that adjoin are one write of a checkpoint", async () => {
    const { files, driver, runner } = await create();
    runner.results([begin, ...Array.from({ length: 40 }, (_value, index) => insert(index + 1, "x".repeat(3000))), commit]);
    files.device.take();
    expect(driver.checkpoint().complete).toBe(true);
    const recorded = files.device.take().filter((call) => call.file === "database");
    expect(calls(recorded)).toEqual(["write database", "flush database"]);
    expect(recorded[0]!.bytes).toBeGreaterThan(40 * PAGE_BYTES);
    runner.close();
  });

  it("the log grows by space that is written, so that no commit is the first to need its blocks", async () => {
    const { files, runner } = await create();
    const size = files.wal.size();
    files.device.take();
    for (let key = 1; files.wal.size() === size; key += 1) runner.results([insert(key, "x".repeat(3000))]);
    const grown = files.device.take().filter((call) => call.call === "write" && call.at + call.bytes === files.wal.size());
    expect(grown).toMatchObject([{ file: "wal", at: size, bytes: files.wal.size() - size }]);
    runner.close();
  });

  it("the log's space is kept by checkpoints and by closing", async () => {
    const { files, driver, runner } = await create();
    const size = files.wal.size();
    expect(size).toBe(1024 * 1024);
    for (let key = 1; key < 400; key += 1) runner.results([insert(key, "x".repeat(3000))]);
    expect(files.wal.size()).toBeGreaterThan(size);
    const grown = files.wal.size();
    driver.checkpoint();
    runner.close();
    expect(files.wal.size()).toBe(grown);
    const again = await open(files.left((file) => file.afterKill()));
    expect(again.driver.walBytes()).toBe(0);
    expect(keys(again.runner)).toHaveLength(400);
    again.runner.close();
  });
});

describe("faults", () => {
  it("a full storage fails the commit, which rolls back, and the database goes on", async () => {
    const { files, driver, runner } = await create();
    files.device.fault = (call) => (call.file === "wal" && call.call === "write" ? "full" : undefined);
    runner.results([begin, insert(1, "lost")]);
    const answer = runner.run([commit]);
    expect(answer).toMatchObject({ status: STATUS_FAILED, code: 13 });
    expect(driver.usable).toBe(true);
    files.device.fault = () => undefined;
    runner.run([rollback]);
    expect(keys(runner)).toEqual([0]);
    runner.results([insert(2, "kept")]);
    runner.close();
    const again = await open(files.left((file) => file.afterKill()));
    expect(keys(again.runner)).toEqual([0, 2]);
    again.runner.close();
  });

  it("a checkpoint that finds no room for its pages is not complete and loses nothing", async () => {
    for (const failing of ["write", "flush"] as const) {
      const { files, driver, runner } = await create();
      for (let key = 1; key <= 20; key += 1) runner.results([insert(key, "x".repeat(3000))]);
      files.device.fault = (call) => (call.file === "database" && call.call === failing ? "full" : undefined);
      expect(driver.checkpoint().complete).toBe(false);
      expect(driver.usable).toBe(true);
      runner.results([insert(21, "after it")]);
      files.device.fault = () => undefined;
      expect(driver.checkpoint()).toEqual({ complete: true, walBytes: 0 });
      expect(querySql(driver, "PRAGMA integrity_check")).toEqual([["ok"]]);
      const again = await open(files.left((file) => file.afterPowerLoss(() => false)));
      expect(keys(again.runner)).toHaveLength(22);
      again.runner.close();
      runner.close();
    }
  });

  it("a log that cannot grow is noticed while the transaction can still roll back, relaxed too", async () => {
    const { files, driver, runner } = await create("relaxed");
    files.device.fault = (call) => (call.call === "truncate" ? "full" : undefined);
    runner.results([begin, ...Array.from({ length: 500 }, (_value, index) => insert(index + 1, "x".repeat(3000)))]);
    expect(runner.run([commit])).toMatchObject({ status: STATUS_FAILED, code: 13 });
    expect(driver.usable).toBe(true);
    runner.run([rollback]);
    expect(keys(runner)).toEqual([0]);
    runner.results([insert(1, "small enough")]);
    runner.close();
  });

  it.each(["strict", "relaxed"] as const)(
    "after a failed flush or write the connection is lost, and opening again finds every acknowledged write (%s)",
    async (durability) => {
      for (const failing of ["flush", "write"] as const) {
        const { files, driver, runner } = await create(durability);
        runner.results([insert(1, "acknowledged")]);
        files.device.fault = (call) => (call.call === failing ? "the device is gone" : undefined);
        const answer = runner.run([insert(2, "in doubt")]);
        if (durability === "relaxed" && failing === "flush") {
          expect(answer.status, "relaxed does not flush").toBe(0);
          runner.close();
          continue;
        }
        expect(answer).toMatchObject({ status: STATUS_FAILED });
        expect(driver.usable).toBe(false);
        expect(() => runner.run([insert(3, "never")])).toThrow("-2");
        files.device.fault = () => undefined;
        runner.close();
        const again = await open(
          files.left((file) => file.afterKill()),
          durability,
        );
        expect(keys(again.runner).slice(0, 2)).toEqual([0, 1]);
        expect(querySql(again.driver, "PRAGMA integrity_check")).toEqual([["ok"]]);
        again.runner.close();
      }
    },
  );

  it("a file that is no database is refused with SQLite's message, and its files are let go", async () => {
    const files = new RecordingFiles({ database: new TextEncoder().encode("this is not a database, but it is long enough".repeat(100)) });
    let released = 0;
    files.release = () => {
      released += 1;
    };
    await expect(open(files)).rejects.toThrow("file is not a database");
    expect(released).toBeGreaterThan(0);
  });
});

describe("a full storage", () => {
  const MEGABYTE = 1024 * 1024;
  const remove = (key: number): FrameStatement => ({
    id: 4,
    want: WANT_NOTHING,
    sql: "DELETE FROM t WHERE k = ?1",
    parameters: [BigInt(key)],
  });

  /** Inserts until nothing goes any more, checkpointing as a worker does. Gives the number of rows. */
  function fill({ driver, runner }: Opened): number {
    for (let key = 1; ; key += 1) {
      if (driver.checkpointDue) driver.checkpoint();
      if (runner.run([insert(key, "x".repeat(20_000))]).status !== 0) {
        driver.checkpoint();
        if (runner.run([insert(key, "x".repeat(20_000))]).status !== 0) return key - 1;
      }
    }
  }

  it.each([3.5, 6.2, 17])("can always be emptied again (%d MB)", async (megabytes) => {
    const opened = await create();
    const { files, driver, runner } = opened;
    files.device.quota = megabytes * MEGABYTE;
    const rows = fill(opened);
    expect(rows * 20_000).toBeGreaterThan((megabytes * MEGABYTE) / 4);
    expect(driver.usable).toBe(true);
    expect(driver.checkpoint(), "the log went into the database file").toEqual({ complete: true, walBytes: 0 });
    for (let key = 1; key <= rows; key += 1) {
      runner.results([remove(key)]);
      if (driver.checkpointDue) driver.checkpoint();
    }
    for (let key = 1; key <= rows / 2; key += 1) {
      runner.results([insert(key, "y".repeat(20_000))]);
      if (driver.checkpointDue) driver.checkpoint();
    }
    expect(keys(runner)).toHaveLength(Math.floor(rows / 2) + 1);
    expect(querySql(driver, "PRAGMA integrity_check")).toEqual([["ok"]]);
    runner.close();
  });

  it("is noticed again after opening, and forgotten once there is room", async () => {
    const opened = await create();
    opened.files.device.quota = 6 * MEGABYTE;
    const rows = fill(opened);
    opened.runner.close();
    const { driver, runner } = await open(opened.files);
    expect(runner.run([insert(rows + 1, "x".repeat(20_000))])).toMatchObject({ status: STATUS_FAILED, code: 13 });
    runner.results([remove(1), insert(1, "x".repeat(20_000))]);
    opened.files.device.quota = 20 * MEGABYTE;
    driver.checkpoint();
    for (let key = rows + 1; key <= rows * 2; key += 1) runner.results([insert(key, "x".repeat(20_000))]);
    runner.close();
  });
});

describe("sudden ends", () => {
  const ROUNDS = count("powerLossTrials");
  // The soak's counts take minutes.
  const LIMIT_MS = 30_000 + ROUNDS * 2000;

  /** Sessions of commits, checkpoints, clean and unclean ends on the same files, until the device stops at a call chosen by chance. */
  async function untilTheEnd(files: RecordingFiles, durability: Durability, random: () => number): Promise<number> {
    let remaining = 20 + Math.floor(random() * 150);
    files.device.fault = () => (--remaining < 0 ? "the end" : undefined);
    for (let key = 1; ; ) {
      const opened = await open(files, durability).catch(() => undefined);
      if (opened === undefined) return key - 1;
      const { driver, runner } = opened;
      for (let count = Math.floor(random() * 12); count >= 0; count -= 1) {
        const answer = runner.run([begin, insert(key, "x".repeat(Math.floor(random() * 9000))), commit]);
        if (answer.status !== 0) return key - 1;
        key += 1;
        if (random() < 0.2) driver.checkpoint();
        if (!driver.usable) return key - 1;
      }
      if (random() < 0.7) runner.close();
      if (remaining < 0) return key - 1;
    }
  }

  /** Opens what is left, checks that it is sound and has no gap, and gives the number of commits in it. */
  async function commitsIn(left: RecordingFiles, durability: Durability, round: string): Promise<number> {
    const { driver, runner } = await open(left, durability);
    expect(querySql(driver, "PRAGMA integrity_check"), round).toEqual([["ok"]]);
    const found = keys(runner);
    expect(found, `${round}: no gap`).toEqual(found.map((_key, index) => index));
    runner.close();
    return found.length - 1;
  }

  it.each(["strict", "relaxed"] as const)(
    "whatever part of the unflushed writes survives a power loss, the database is sound (%s)",
    async (durability) => {
      const random = seeded(seed + (durability === "strict" ? 1 : 2));
      for (let round = 0; round < ROUNDS; round += 1) {
        const { files, runner } = await create(durability);
        runner.close();
        const acknowledged = await untilTheEnd(files, durability, random);
        const survivors = random();
        const left = files.left((file) => file.afterPowerLoss(() => random() < survivors));
        const found = await commitsIn(left, durability, `seed ${seed}, round ${round}`);
        // Strict: what was acknowledged, and perhaps the commit in doubt.
        if (durability === "strict") expect(found - acknowledged, `seed ${seed}, round ${round}`).toBeOneOf([0, 1]);
      }
    },
    LIMIT_MS,
  );

  it.each(["strict", "relaxed"] as const)(
    "the end of the process, whenever it comes, loses nothing that was acknowledged (%s)",
    async (durability) => {
      const random = seeded(seed + (durability === "strict" ? 3 : 4));
      for (let round = 0; round < ROUNDS; round += 1) {
        const { files, runner } = await create(durability);
        runner.close();
        const acknowledged = await untilTheEnd(files, durability, random);
        const found = await commitsIn(
          files.left((file) => file.afterKill()),
          durability,
          `seed ${seed}, round ${round}`,
        );
        expect(found - acknowledged, `seed ${seed}, round ${round}`).toBeOneOf([0, 1]);
      }
    },
    LIMIT_MS,
  );
});
