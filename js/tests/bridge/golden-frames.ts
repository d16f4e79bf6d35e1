/**
 * What the golden files of `crate/tests/golden/frames/` hold. The files are the contract between the codec's two halves; this table is
 * how they were made. `golden.test.ts` compares both, and writes the files anew when `UPDATE_GOLDEN=1` is set.
 */
import {
  FLAG_RUN_ONCE,
  FRAME_VERSION,
  type FrameAnswer,
  type FrameStatement,
  type FrameValue,
  STATUS_FAILED,
  STATUS_OK,
  WANT_ALL_ROWS,
  WANT_CHANGES,
  WANT_FIRST_ROW,
  WANT_FORGET,
  WANT_NOTHING,
  WANT_PAGE,
} from "../../src/bridge/frame.ts";

export interface GoldenFrame {
  /** The stem of `<name>.frame.bin` and `<name>.answer.bin`. */
  readonly name: string;
  readonly statements: readonly FrameStatement[];
  /** The answer on an empty database. */
  readonly answer: FrameAnswer;
}

const create = {
  id: 0,
  want: WANT_NOTHING,
  runOnce: true,
  sql: "CREATE TABLE t (k INTEGER PRIMARY KEY, v)",
} as const;
const insert = (key: bigint, value: FrameValue) =>
  ({ id: 1, want: WANT_CHANGES, sql: "INSERT INTO t VALUES (?1, ?2)", parameters: [key, value] }) as const;
const again = (key: bigint, value: string) => ({ id: 1, want: WANT_CHANGES, parameters: [key, value] }) as const;
const one = { kind: "changes", changes: 1 } as const;

export const GOLDEN_FRAMES: readonly GoldenFrame[] = [
  { name: "empty", statements: [], answer: { status: STATUS_OK, ran: 0, results: [] } },
  {
    name: "wants",
    statements: [
      create,
      insert(1n, "a"),
      again(2n, "bb"),
      again(3n, "ccc"),
      { id: 2, want: WANT_FIRST_ROW, sql: "SELECT k, v FROM t ORDER BY k" },
      { id: 2, want: WANT_ALL_ROWS },
      { id: 3, want: WANT_FIRST_ROW, sql: "SELECT v FROM t WHERE k = ?1", parameters: [1n] },
      { id: 4, want: WANT_CHANGES, sql: "DELETE FROM t WHERE k = ?1", parameters: [9n] },
      { id: 2, want: WANT_NOTHING },
      { id: 2, want: WANT_FORGET },
      { id: 77, want: WANT_FORGET },
    ],
    answer: {
      status: STATUS_OK,
      ran: 11,
      results: [
        one,
        one,
        one,
        { kind: "rows", ended: false, columns: 2, rows: [[1n, "a"]] },
        {
          kind: "rows",
          ended: true,
          columns: 2,
          rows: [
            [1n, "a"],
            [2n, "bb"],
            [3n, "ccc"],
          ],
        },
        { kind: "rows", ended: false, columns: 1, rows: [["a"]] },
        { kind: "changes", changes: 0 },
      ],
    },
  },
  {
    name: "tags",
    statements: [
      create,
      insert(1n, null),
      insert(2n, 300n),
      insert(-(2n ** 63n), -1n),
      insert(2n ** 63n - 1n, 1.5),
      insert(3n, "nul \0 inside"),
      insert(4n, "größer 🎲"),
      insert(5n, ""),
      insert(6n, new Uint8Array([0, 1, 254, 255])),
      { id: 2, want: WANT_ALL_ROWS, sql: "SELECT k, v FROM t ORDER BY k" },
    ],
    answer: {
      status: STATUS_OK,
      ran: 10,
      results: [
        ...Array.from({ length: 8 }, () => one),
        {
          kind: "rows",
          ended: true,
          columns: 2,
          rows: [
            [-(2n ** 63n), -1n],
            [1n, null],
            [2n, 300n],
            [3n, "nul \0 inside"],
            [4n, "größer 🎲"],
            [5n, ""],
            [6n, new Uint8Array([0, 1, 254, 255])],
            [2n ** 63n - 1n, 1.5],
          ],
        },
      ],
    },
  },
  {
    name: "earlier",
    // The text of the first insert begins 8 (frame) + 8 (statement) + 4 + 41 (create) + 8 + 4 + 29 (insert) + 9 (integer) + 5 bytes in.
    statements: [create, insert(1n, "once"), { ...again(2n, ""), parameters: [2n, { offset: 116, length: 4 }] }, allRows(2)],
    answer: {
      status: STATUS_OK,
      ran: 4,
      results: [
        one,
        one,
        {
          kind: "rows",
          ended: true,
          columns: 2,
          rows: [
            [1n, "once"],
            [2n, "once"],
          ],
        },
      ],
    },
  },
  {
    name: "pages",
    statements: [create, insert(1n, 10n), insert(2n, 10n), insert(3n, 10n), page(2, 0), page(0, 11), page(0, 0), page(3, 0)],
    answer: {
      status: STATUS_OK,
      ran: 8,
      results: [one, one, one, tens(2, false), tens(2, false), tens(3, true), tens(3, false)],
    },
  },
  {
    name: "error",
    statements: [create, insert(1n, "kept"), { id: 2, want: WANT_ALL_ROWS, sql: "SELECT * FROM missing" }, again(2n, "never")],
    answer: { status: STATUS_FAILED, ran: 2, code: 1, message: "no such table: missing" },
  },
];

function allRows(id: number): FrameStatement {
  return { id, want: WANT_ALL_ROWS, sql: "SELECT k, v FROM t ORDER BY k" };
}

function page(mostRows: number, mostWeight: number): FrameStatement {
  return { id: 2, want: WANT_PAGE, sql: "SELECT k, v FROM t ORDER BY k", limits: { weightColumn: 1, mostRows, mostWeight } };
}

function tens(count: number, ended: boolean) {
  const rows = Array.from({ length: count }, (_value, index) => [BigInt(index + 1), 10n]);
  return { kind: "rows", ended, columns: 2, rows } as const;
}

/** A frame of one statement without a text: version, reserved, count 1, id 1, want, flags, parameters, and what follows. */
function raw(version: number, want: number, flags: number, parameters: number, ...rest: number[]): Uint8Array {
  return Uint8Array.of(version, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, want, flags, parameters, 0, ...rest);
}

const SELECT_1 = [8, 0, 0, 0, ...new TextEncoder().encode("SELECT 1")];

/** Frames both halves must refuse with status 2, whatever their words for it. */
export const MALFORMED_FRAMES: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  version: raw(FRAME_VERSION + 1, WANT_ALL_ROWS, FLAG_RUN_ONCE, 0, ...SELECT_1),
  "cut-header": Uint8Array.of(1, 0, 0, 0, 1, 0),
  "missing-statement": Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0),
  "cut-text": raw(FRAME_VERSION, WANT_ALL_ROWS, FLAG_RUN_ONCE, 0, ...SELECT_1.slice(0, -1)),
  "endless-text": raw(FRAME_VERSION, WANT_ALL_ROWS, FLAG_RUN_ONCE, 0, 255, 255, 255, 255),
  "unknown-want": raw(FRAME_VERSION, 6, FLAG_RUN_ONCE, 0, ...SELECT_1),
  "unknown-tag": raw(FRAME_VERSION, WANT_ALL_ROWS, FLAG_RUN_ONCE, 1, ...SELECT_1, 6),
  "unknown-statement": raw(FRAME_VERSION, WANT_ALL_ROWS, 0, 0),
  "text-not-earlier": raw(FRAME_VERSION, WANT_ALL_ROWS, FLAG_RUN_ONCE, 1, ...SELECT_1, 5, 0, 0, 0, 0, 29, 0, 0, 0),
  "bytes-left": raw(FRAME_VERSION, WANT_ALL_ROWS, FLAG_RUN_ONCE, 0, ...SELECT_1, 0),
  "forget-with-parameters": raw(FRAME_VERSION, WANT_FORGET, 0, 1, 0),
};
