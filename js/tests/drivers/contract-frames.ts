/**
 * Contract cases about what a frame asks for and gets: wants, tags, errors, statements by id, counters.
 */
import {
  EXECUTE_LOST,
  encodeFrame,
  STATUS_FAILED,
  STATUS_MALFORMED,
  WANT_ALL_ROWS,
  WANT_CHANGES,
  WANT_FIRST_ROW,
  WANT_FORGET,
  WANT_NOTHING,
  WANT_PAGE,
} from "../../src/bridge/frame.ts";
import type { DriverContractCase, DriverMaker } from "./contract.ts";
import { equal, isTrue } from "./contract-assert.ts";
import { FrameRunner } from "./frame-runner.ts";

const CREATE = "CREATE TABLE t (k INTEGER PRIMARY KEY, v)";
const INSERT = "INSERT INTO t VALUES (?1, ?2)";
const SELECT = "SELECT k, v FROM t ORDER BY k";

/** Opens a database, runs the case's body on it and closes it whatever happened. */
async function withTable(maker: DriverMaker, name: string, body: (runner: FrameRunner) => void): Promise<void> {
  const runner = new FrameRunner(await maker.open(name));
  try {
    runner.results([{ id: 0, want: WANT_NOTHING, sql: CREATE, runOnce: true }]);
    body(runner);
  } finally {
    runner.close();
  }
}

/** Rows 1 to `count`, row n holding the integer 10 n. */
function fill(runner: FrameRunner, count: number): void {
  runner.results([
    {
      id: 0,
      want: WANT_NOTHING,
      runOnce: true,
      sql: `WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < ${count}) INSERT INTO t SELECT k, k * 10 FROM n`,
    },
  ]);
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_value, index) => [BigInt(from + index), BigInt(from + index) * 10n]);

export const frameCases: readonly DriverContractCase[] = [
  {
    name: "every want gives what it says",
    run: (maker) =>
      withTable(maker, "wants", (runner) => {
        fill(runner, 5);
        const results = runner.results([
          { id: 1, want: WANT_NOTHING, sql: SELECT },
          { id: 2, want: WANT_CHANGES, sql: "UPDATE t SET v = v + 0 WHERE k > ?1", parameters: [2n] },
          { id: 1, want: WANT_FIRST_ROW },
          { id: 3, want: WANT_FIRST_ROW, sql: "SELECT k FROM t WHERE k = ?1", parameters: [99n] },
          { id: 1, want: WANT_ALL_ROWS },
          { id: 1, want: WANT_FORGET },
        ]);
        equal(results.length, 4, "results");
        equal(results[0], { kind: "changes", changes: 3 }, "changes");
        equal(results[1], { kind: "rows", ended: false, columns: 2, rows: numbered(1, 1) }, "first row");
        const none = results[2];
        isTrue(none?.kind === "rows" && none.ended && none.rows.length === 0, "no first row");
        equal(results[3], { kind: "rows", ended: true, columns: 2, rows: numbered(1, 5) }, "all rows");
      }),
  },
  {
    name: "a page of items is the same whether its types are asked for or known",
    run: (maker) =>
      withTable(maker, "items", (runner) => {
        runner.results([
          { id: 1, want: WANT_NOTHING, sql: "CREATE TABLE items(size INTEGER, item TEXT)", runOnce: true },
          { id: 2, want: WANT_NOTHING, sql: "INSERT INTO items VALUES (?1, ?2)", parameters: [7n, "a\u0000b"] },
          { id: 2, want: WANT_NOTHING, parameters: [0n, ""] },
          { id: 2, want: WANT_NOTHING, parameters: [400_000n, "é".repeat(200_000)] },
          { id: 2, want: WANT_NOTHING, parameters: [null, null] },
          { id: 2, want: WANT_NOTHING, parameters: [9n, "{}"] },
        ]);
        for (const [mostRows, mostWeight] of [
          [0, 0],
          [2, 0],
          [0, 8],
          [0, 400_007],
          [5, 0],
        ] as const) {
          const page = { want: WANT_PAGE, sql: "SELECT size, item FROM items", limits: { weightColumn: 0, mostRows, mostWeight } };
          const [asked, known] = runner.results([
            { id: 3, ...page },
            { id: 4, ...page, itemRows: true },
          ]);
          equal(known, asked, `${mostRows} rows, ${mostWeight} bytes`);
        }
      }),
  },
  {
    name: "a page ends at its row bound, at its weight bound with the row that reached it, or at the end",
    run: (maker) =>
      withTable(maker, "pages", (runner) => {
        fill(runner, 10);
        const page = (mostRows: number, mostWeight: number) => ({
          id: 1,
          want: WANT_PAGE,
          sql: SELECT,
          limits: { weightColumn: 1, mostRows, mostWeight },
        });
        const results = runner.results([page(3, 0), page(0, 30), page(0, 31), page(2, 1000), page(0, 0), page(10, 0), page(11, 9999)]);
        const shape = results.map((result) => (result.kind === "rows" ? [result.rows.length, result.ended] : []));
        const expected = [
          [3, false],
          [2, false],
          [3, false],
          [2, false],
          [10, true],
          [10, false],
          [10, true],
        ];
        equal(shape, expected, "pages");
      }),
  },
  {
    name: "every tag goes in and comes back as the value it was",
    run: (maker) =>
      withTable(maker, "tags", (runner) => {
        const blob = new Uint8Array([0, 255, 0, 1]);
        const values = [null, 42n, -1n, 0.5, -1e300, "text", "", "ünïcödé 🎲", blob, new Uint8Array(0)];
        runner.results(
          values.map((value, index) => ({ id: 1, want: WANT_NOTHING, sql: INSERT, parameters: [BigInt(index), value] as const })),
        );
        const [result] = runner.results([{ id: 2, want: WANT_ALL_ROWS, sql: "SELECT v FROM t ORDER BY k" }]);
        isTrue(result?.kind === "rows", "rows");
        equal(result?.kind === "rows" && result.rows.map((row) => row[0]), values, "values");
      }),
  },
  {
    name: "a text that stands earlier in the frame is bound from there",
    run: (maker) =>
      withTable(maker, "earlier", (runner) => {
        const marker = "the text that travels once";
        const first = { id: 1, want: WANT_NOTHING, sql: INSERT, parameters: [1n, marker] };
        const offset = new TextDecoder("latin1").decode(encodeFrame([first])).indexOf(marker);
        const results = runner.results([
          first,
          { id: 1, want: WANT_NOTHING, parameters: [2n, { offset, length: marker.length }] },
          { id: 2, want: WANT_ALL_ROWS, sql: SELECT },
        ]);
        const rows = [
          [1n, marker],
          [2n, marker],
        ];
        equal(results[0], { kind: "rows", ended: true, columns: 2, rows }, "rows");
      }),
  },
  {
    name: "an SQL error ends the frame at its statement; what ran before stands and everything is reset",
    run: (maker) =>
      withTable(maker, "errors", (runner) => {
        const answer = runner.run([
          { id: 1, want: WANT_NOTHING, sql: INSERT, parameters: [1n, "first"] },
          { id: 2, want: WANT_ALL_ROWS, sql: SELECT },
          { id: 1, want: WANT_NOTHING, parameters: [1n, "again"] },
          { id: 1, want: WANT_NOTHING, parameters: [2n, "never"] },
        ]);
        isTrue(answer.status === STATUS_FAILED, "the frame fails");
        if (answer.status !== STATUS_FAILED) return;
        equal(answer.ran, 2, "the failed statement's index");
        equal(answer.code & 0xff, 19, "SQLITE_CONSTRAINT");
        isTrue(answer.message.includes("UNIQUE constraint failed: t.k"), `message: ${answer.message}`);
        const results = runner.results([
          { id: 1, want: WANT_CHANGES, parameters: [3n, "after"] },
          { id: 2, want: WANT_ALL_ROWS },
        ]);
        const rows = [
          [1n, "first"],
          [3n, "after"],
        ];
        equal(results[1], { kind: "rows", ended: true, columns: 2, rows }, "rows");
      }),
  },
  {
    name: "an error after rows were written replaces them",
    run: (maker) =>
      withTable(maker, "late-error", (runner) => {
        fill(runner, 3);
        const sql = "SELECT k, CASE WHEN k = 3 THEN abs(-9223372036854775807 - 1) ELSE 0 END FROM t ORDER BY k";
        const answer = runner.run([{ id: 1, want: WANT_ALL_ROWS, sql }]);
        isTrue(answer.status === STATUS_FAILED && answer.message === "integer overflow", "the error is the answer");
      }),
  },
  {
    name: "a text that does not prepare is an error, and its id stays unknown",
    run: (maker) =>
      withTable(maker, "unprepared", (runner) => {
        const answer = runner.run([{ id: 1, want: WANT_ALL_ROWS, sql: "SELECT * FROM nowhere" }]);
        isTrue(answer.status === STATUS_FAILED && answer.code === 1 && answer.message === "no such table: nowhere", "the error");
        equal(runner.run([{ id: 1, want: WANT_ALL_ROWS }]).status, STATUS_MALFORMED, "the id afterwards");
        equal(runner.run([{ id: 2, want: WANT_ALL_ROWS, sql: " -- nothing" }]).status, STATUS_FAILED, "a text without a statement");
      }),
  },
  {
    name: "a statement keeps its id until it is forgotten or its text replaced",
    run: (maker) =>
      withTable(maker, "ids", (runner) => {
        const one = (answer: ReturnType<FrameRunner["run"]>) =>
          answer.status === 0 && answer.results[0]?.kind === "rows" ? answer.results[0].rows[0]?.[0] : undefined;
        equal(one(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW, sql: "SELECT 1" }])), 1n, "prepared");
        equal(one(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW }])), 1n, "by id");
        equal(one(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW, sql: "SELECT 2" }])), 2n, "replaced");
        equal(one(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW }])), 2n, "by id again");
        equal(one(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW, runOnce: true, sql: "SELECT 3" }])), 3n, "run once");
        equal(one(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW }])), 2n, "run once ignores the id");
        runner.results([
          { id: 4294967295, want: WANT_FORGET },
          { id: 7, want: WANT_FORGET },
        ]);
        equal(runner.run([{ id: 4294967295, want: WANT_FIRST_ROW }]).status, STATUS_MALFORMED, "forgotten");
      }),
  },
  {
    name: "bindings of one run never reach the next",
    run: (maker) =>
      withTable(maker, "bindings", (runner) => {
        const results = runner.results([
          { id: 1, want: WANT_FIRST_ROW, sql: "SELECT ?1, ?2", parameters: ["a", "b"] },
          { id: 1, want: WANT_FIRST_ROW, parameters: [null] },
          { id: 1, want: WANT_FIRST_ROW, parameters: [null, "c"] },
          { id: 1, want: WANT_FIRST_ROW },
        ]);
        const rows = results.map((result) => result.kind === "rows" && result.rows[0]);
        const expected = [
          ["a", "b"],
          [null, null],
          [null, "c"],
          [null, null],
        ];
        equal(rows, expected, "the runs");
      }),
  },
  {
    name: "a parameter the statement does not have is an error",
    run: (maker) =>
      withTable(maker, "range", (runner) => {
        const answer = runner.run([{ id: 1, want: WANT_FIRST_ROW, sql: "SELECT ?1", parameters: ["a", "b"] }]);
        isTrue(answer.status === STATUS_FAILED && (answer.code & 0xff) === 25, "SQLITE_RANGE");
        const [row] = runner.results([{ id: 1, want: WANT_FIRST_ROW, parameters: ["c"] }]);
        equal(row?.kind === "rows" && row.rows, [["c"]], "the next run");
      }),
  },
  {
    name: "schema changes run once, and kept statements survive them",
    run: (maker) =>
      withTable(maker, "ddl", (runner) => {
        runner.results([{ id: 1, want: WANT_CHANGES, sql: INSERT, parameters: [1n, "a"] }]);
        const results = runner.results([
          { id: 0, want: WANT_NOTHING, runOnce: true, sql: "CREATE INDEX t_v ON t (v)" },
          { id: 1, want: WANT_CHANGES, parameters: [2n, "b"] },
          { id: 0, want: WANT_NOTHING, runOnce: true, sql: "DROP TABLE t" },
          { id: 0, want: WANT_NOTHING, runOnce: true, sql: CREATE },
          { id: 1, want: WANT_CHANGES, parameters: [2n, "b"] },
        ]);
        equal(results, [{ kind: "changes", changes: 1 } as const, { kind: "changes", changes: 1 } as const], "results");
      }),
  },
  {
    name: "a malformed frame is refused at its defect and harms nothing",
    run: (maker) =>
      withTable(maker, "malformed", (runner) => {
        const sql = "SELECT ?1, ?2";
        const good = encodeFrame([{ id: 1, want: WANT_ALL_ROWS, sql, parameters: [1n, "a text"] }]);
        for (let length = 0; length < good.length; length += 1) {
          equal(runner.runBytes(good.subarray(0, length))[1], STATUS_MALFORMED, `cut at ${length}`);
        }
        const longer = new Uint8Array(good.length + 1);
        longer.set(good);
        const other = (at: number, value: number) => good.map((byte, index) => (index === at ? value : byte));
        equal(runner.runBytes(other(0, 2))[1], STATUS_MALFORMED, "another version");
        equal(runner.runBytes(other(12, 6))[1], STATUS_MALFORMED, "an unknown want");
        equal(runner.runBytes(other(16 + 4 + sql.length, 6))[1], STATUS_MALFORMED, "an unknown tag");
        const later = { id: 1, want: WANT_ALL_ROWS, sql, parameters: [1n, { offset: 0, length: 4096 }] };
        equal(runner.run([later]).status, STATUS_MALFORMED, "a text beyond what stands earlier");
        equal(runner.run([{ id: 9, want: WANT_FORGET, parameters: [1n] }]).status, STATUS_MALFORMED, "forget with parameters");
        equal(runner.runBytes(good)[1], 0, "the good frame");
        equal(runner.runBytes(longer)[1], STATUS_MALFORMED, "a byte too many");
      }),
  },
  {
    name: "crossings, statements and bytes are counted",
    run: (maker) =>
      withTable(maker, "counters", (runner) => {
        const { counters } = runner.executor;
        counters.reset();
        const statements = [
          { id: 1, want: WANT_NOTHING, sql: INSERT, parameters: [1n, "a"] },
          { id: 2, want: WANT_ALL_ROWS, sql: SELECT },
          { id: 2, want: WANT_FORGET },
        ] as const;
        runner.results(statements);
        equal([counters.crossings, counters.statements], [1, 2], "crossings and statements");
        equal(counters.bytesIn, encodeFrame(statements).length, "bytes in");
        equal(counters.bytesOut, 8 + 8 + 9 + 6, "bytes out");
        runner.run([{ id: 3, want: WANT_NOTHING, sql: "not SQL" }]);
        equal([counters.crossings, counters.statements], [2, 3], "a failing frame counts");
        counters.reset();
        equal([counters.crossings, counters.statements, counters.bytesIn, counters.bytesOut], [0, 0, 0, 0], "after a reset");
      }),
  },
  {
    name: "a reset executor has no statements and no open transaction, and the data stays",
    run: (maker) =>
      withTable(maker, "reset", (runner) => {
        fill(runner, 2);
        runner.results([
          { id: 1, want: WANT_NOTHING, sql: "BEGIN IMMEDIATE" },
          { id: 2, want: WANT_NOTHING, sql: INSERT, parameters: [3n, 30n] },
        ]);
        runner.executor.reset();
        equal(runner.run([{ id: 2, want: WANT_NOTHING, parameters: [4n, 40n] }]).status, STATUS_MALFORMED, "the old statement");
        const results = runner.results([
          { id: 1, want: WANT_NOTHING, sql: "BEGIN IMMEDIATE" },
          { id: 3, want: WANT_ALL_ROWS, sql: SELECT },
          { id: 4, want: WANT_NOTHING, sql: "COMMIT" },
        ]);
        equal(results[0], { kind: "rows", ended: true, columns: 2, rows: numbered(1, 2) }, "rows");
      }),
  },
  {
    name: "a closed driver answers that the connection is lost",
    run: async (maker) => {
      const runner = new FrameRunner(await maker.open("closed"));
      runner.close();
      const frame = encodeFrame([{ id: 1, want: WANT_ALL_ROWS, sql: "SELECT 1" }]);
      equal(runner.executor.execute(runner.engine.place(frame), frame.length, runner.engine.reserve(64), 64), EXECUTE_LOST, "execute");
      runner.driver.close();
    },
  },
];
