/**
 * Contract cases about sizes and extremes: large values, growing memories, NUL bytes, 64-bit integers, several databases.
 */
import { WANT_ALL_ROWS, WANT_CHANGES, WANT_FIRST_ROW, WANT_NOTHING } from "../../src/bridge/frame.ts";
import type { DriverContractCase, DriverMaker } from "./contract.ts";
import { equal, isTrue } from "./contract-assert.ts";
import { FrameRunner } from "./frame-runner.ts";

const MEGABYTE = 1024 * 1024;
const INTEGERS = [
  0n,
  -1n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  2n ** 31n,
  -(2n ** 31n) - 1n,
  2n ** 32n,
  -(2n ** 32n),
  1_700_000_000_000n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  10n ** 18n,
  -(10n ** 18n),
  2n ** 63n - 1n,
  -(2n ** 63n) + 1n,
  -(2n ** 63n),
];

async function withTable(maker: DriverMaker, name: string, body: (runner: FrameRunner) => void): Promise<void> {
  const runner = new FrameRunner(await maker.open(name));
  try {
    runner.results([{ id: 0, want: WANT_NOTHING, sql: "CREATE TABLE t (k INTEGER PRIMARY KEY, v)", runOnce: true }]);
    body(runner);
  } finally {
    runner.close();
  }
}

/** A text of so many bytes whose every part is different, so that a misplaced copy shows. */
function longText(bytes: number, seed: number): string {
  let text = "";
  for (let index = 0; text.length < bytes; index += 1) text += `${seed}:${index};`;
  return text.slice(0, bytes);
}

export const boundaryCases: readonly DriverContractCase[] = [
  {
    name: "values of 1 MB, text and blob, round-trip in one frame",
    run: (maker) =>
      withTable(maker, "megabyte", (runner) => {
        const text = longText(MEGABYTE, 1);
        const blob = new TextEncoder().encode(longText(MEGABYTE, 2));
        const [rows] = runner.results([
          { id: 1, want: WANT_NOTHING, sql: "INSERT INTO t VALUES (?1, ?2)", parameters: [1n, text] },
          { id: 1, want: WANT_NOTHING, parameters: [2n, blob] },
          { id: 2, want: WANT_ALL_ROWS, sql: "SELECT v FROM t ORDER BY k" },
        ]);
        isTrue(rows?.kind === "rows", "rows");
        if (rows?.kind !== "rows") return;
        isTrue(rows.rows[0]?.[0] === text, "the text");
        equal(rows.rows[1]?.[0], blob, "the blob");
      }),
  },
  {
    name: "both memories grow in the middle of a frame and nothing is misread",
    run: (maker) =>
      withTable(maker, "growth", (runner) => {
        const heap = () => runner.driver.memory.buffer.byteLength;
        const engine = () => runner.engine.memory().buffer.byteLength;
        const before = [heap(), engine()];
        const texts = Array.from({ length: 48 }, (_value, index) => longText(MEGABYTE, index));
        runner.results([{ id: 9, want: WANT_NOTHING, sql: "BEGIN" }]);
        texts.forEach((text, index) => {
          runner.results([{ id: 1, want: WANT_CHANGES, sql: "INSERT INTO t VALUES (?1, ?2)", parameters: [BigInt(index), text] }]);
        });
        const [joined, rows] = runner.results([
          { id: 2, want: WANT_FIRST_ROW, sql: "SELECT length(group_concat(v, '')) FROM t" },
          { id: 3, want: WANT_ALL_ROWS, sql: "SELECT v FROM t ORDER BY k" },
        ]);
        runner.results([{ id: 8, want: WANT_NOTHING, sql: "COMMIT" }]);
        isTrue(heap() > (before[0] as number) && engine() > (before[1] as number), "both memories grew");
        equal(joined?.kind === "rows" && joined.rows, [[BigInt(48 * MEGABYTE)]], "the joined length");
        isTrue(rows?.kind === "rows" && rows.rows.every((row, index) => row[0] === texts[index]), "every text");
      }),
  },
  {
    name: "NUL bytes in text and blob survive, in values and in comparisons",
    run: (maker) =>
      withTable(maker, "nul", (runner) => {
        const results = runner.results([
          { id: 1, want: WANT_NOTHING, sql: "INSERT INTO t VALUES (?1, ?2)", parameters: [1n, "a\0b\0"] },
          { id: 1, want: WANT_NOTHING, parameters: [2n, "\0"] },
          { id: 1, want: WANT_NOTHING, parameters: [3n, "a"] },
          { id: 1, want: WANT_NOTHING, parameters: [4n, new Uint8Array([0, 0])] },
          { id: 2, want: WANT_ALL_ROWS, sql: "SELECT v FROM t ORDER BY k" },
          { id: 3, want: WANT_ALL_ROWS, sql: "SELECT k FROM t WHERE v = ?1", parameters: ["a\0b\0"] },
        ]);
        equal(results[0]?.kind === "rows" && results[0].rows, [["a\0b\0"], ["\0"], ["a"], [new Uint8Array([0, 0])]], "values");
        equal(results[1]?.kind === "rows" && results[1].rows, [[1n]], "found by it");
      }),
  },
  {
    name: "64-bit integers keep every bit, as values and as keys",
    run: (maker) =>
      withTable(maker, "integers", (runner) => {
        runner.results(
          INTEGERS.map((value) => ({
            id: 1,
            want: WANT_NOTHING,
            sql: "INSERT INTO t VALUES (?1, CAST(?2 AS INTEGER))",
            parameters: [value, value],
          })),
        );
        const [rows] = runner.results([{ id: 2, want: WANT_ALL_ROWS, sql: "SELECT k, v, typeof(k), typeof(v) FROM t ORDER BY k" }]);
        const sorted = [...INTEGERS].sort((left, right) => (left < right ? -1 : 1));
        equal(
          rows?.kind === "rows" && rows.rows,
          sorted.map((value) => [value, value, "integer", "integer"]),
          "rows",
        );
        for (const value of INTEGERS) {
          const [found] = runner.results([
            { id: 3, want: WANT_FIRST_ROW, sql: "SELECT count(*) FROM t WHERE k = ?1", parameters: [value] },
          ]);
          equal(found?.kind === "rows" && found.rows, [[1n]], `found by ${value}`);
        }
      }),
  },
  {
    name: "many wide integers in one statement do not disturb one another",
    run: (maker) =>
      withTable(maker, "wide", (runner) => {
        const values = Array.from({ length: 100 }, (_value, index) => 2n ** 40n + BigInt(index));
        const columns = values.map((_value, index) => `CAST(?${index + 1} AS INTEGER)`).join();
        const [row] = runner.results([{ id: 1, want: WANT_FIRST_ROW, sql: `SELECT ${columns}`, parameters: values }]);
        equal(row?.kind === "rows" && row.rows[0], values, "the row");
      }),
  },
  {
    name: "several databases at once share nothing",
    run: async (maker) => {
      const names = ["several-a", "several-b", "several-c"];
      const runners = [];
      for (const name of names) runners.push(new FrameRunner(await maker.open(name)));
      try {
        for (const [index, runner] of runners.entries()) {
          runner.results([
            { id: 0, want: WANT_NOTHING, runOnce: true, sql: "CREATE TABLE t (v)" },
            { id: 1, want: WANT_NOTHING, sql: "BEGIN" },
            { id: 2, want: WANT_NOTHING, sql: "INSERT INTO t VALUES (?1)", parameters: [names[index] as string] },
          ]);
        }
        for (const runner of runners) runner.results([{ id: 3, want: WANT_NOTHING, sql: "COMMIT" }]);
        for (const [index, runner] of runners.entries()) {
          const [rows] = runner.results([{ id: 4, want: WANT_ALL_ROWS, sql: "SELECT v FROM t" }]);
          equal(rows?.kind === "rows" && rows.rows, [[names[index]]], names[index] as string);
          isTrue(
            runners.every((other) => other === runner || other.driver.memory !== runner.driver.memory),
            "a heap of its own",
          );
        }
      } finally {
        for (const runner of runners) runner.close();
      }
    },
  },
];
