/**
 * The frame format of `docs/frame.md`: its constants, and an encoder and a decoder for tests and tools.
 *
 * The executor uses the constants only and reads frames in place; nothing of the codec is on a request's way.
 */

export const FRAME_VERSION = 1;
/** Bytes before the first statement of a frame, and before the body of an answer. */
export const FRAME_HEADER_BYTES = 8;
export const ANSWER_HEADER_BYTES = 8;

/** Statement flags. */
export const FLAG_SQL_FOLLOWS = 1;
export const FLAG_RUN_ONCE = 2;
export const FLAG_ITEM_ROWS = 4;

/** What a statement wants back. */
export const WANT_NOTHING = 0;
export const WANT_CHANGES = 1;
export const WANT_FIRST_ROW = 2;
export const WANT_ALL_ROWS = 3;
export const WANT_PAGE = 4;
export const WANT_FORGET = 5;

/** Value tags. */
export const TAG_NULL = 0;
export const TAG_INTEGER = 1;
export const TAG_REAL = 2;
export const TAG_TEXT = 3;
export const TAG_BLOB = 4;
export const TAG_TEXT_EARLIER = 5;

/** Answer states. */
export const STATUS_OK = 0;
export const STATUS_FAILED = 1;
export const STATUS_MALFORMED = 2;

/** `execute` results that are not a length. */
export const EXECUTE_PENDING = -1;
export const EXECUTE_LOST = -2;

/** A value by tag. Integers are bigints here, so that a test sees all 64 bits. */
export type FrameValue = null | bigint | number | string | Uint8Array | { readonly offset: number; readonly length: number };

/** One statement of a frame. */
export interface FrameStatement {
  readonly id: number;
  readonly want: number;
  readonly sql?: string;
  readonly runOnce?: boolean;
  /** With a page: its rows are an integer and a text, and the executor need not ask for types. */
  readonly itemRows?: boolean;
  readonly limits?: { readonly weightColumn: number; readonly mostRows: number; readonly mostWeight: number };
  readonly parameters?: readonly FrameValue[];
}

/** One result of an answer. */
export type FrameResult =
  | { readonly kind: "changes"; readonly changes: number }
  | { readonly kind: "rows"; readonly ended: boolean; readonly columns: number; readonly rows: readonly (readonly FrameValue[])[] };

/** A decoded answer. */
export type FrameAnswer =
  | { readonly status: typeof STATUS_OK; readonly ran: number; readonly results: readonly FrameResult[] }
  | {
      readonly status: typeof STATUS_FAILED | typeof STATUS_MALFORMED;
      readonly ran: number;
      readonly code: number;
      readonly message: string;
    };

/** Writes little-endian fields into a buffer that grows. */
class FieldWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  #need(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#need(1);
    this.#view.setUint8(at, value);
  }
  u16(value: number): void {
    const at = this.#need(2);
    this.#view.setUint16(at, value, true);
  }
  u32(value: number): void {
    const at = this.#need(4);
    this.#view.setUint32(at, value, true);
  }
  i64(value: bigint): void {
    const at = this.#need(8);
    this.#view.setBigInt64(at, value, true);
  }
  f64(value: number): void {
    const at = this.#need(8);
    this.#view.setFloat64(at, value, true);
  }
  raw(bytes: Uint8Array): void {
    const at = this.#need(bytes.length);
    this.#bytes.set(bytes, at);
  }
  sized(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.raw(bytes);
  }
  value(value: FrameValue): void {
    if (value === null) {
      this.u8(TAG_NULL);
    } else if (typeof value === "bigint") {
      this.u8(TAG_INTEGER);
      this.i64(value);
    } else if (typeof value === "number") {
      this.u8(TAG_REAL);
      this.f64(value);
    } else if (typeof value === "string") {
      this.u8(TAG_TEXT);
      this.sized(new TextEncoder().encode(value));
    } else if (value instanceof Uint8Array) {
      this.u8(TAG_BLOB);
      this.sized(value);
    } else {
      this.u8(TAG_TEXT_EARLIER);
      this.u32(value.offset);
      this.u32(value.length);
    }
  }
  take(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

/** Encodes a frame. */
export function encodeFrame(statements: readonly FrameStatement[]): Uint8Array {
  const out = new FieldWriter();
  out.u8(FRAME_VERSION);
  out.u8(0);
  out.u16(0);
  out.u32(statements.length);
  for (const statement of statements) {
    const parameters = statement.parameters ?? [];
    const textFlag = statement.sql === undefined ? 0 : FLAG_SQL_FOLLOWS;
    out.u32(statement.id);
    out.u8(statement.want);
    out.u8((statement.runOnce === true ? FLAG_RUN_ONCE : textFlag) | (statement.itemRows === true ? FLAG_ITEM_ROWS : 0));
    out.u16(parameters.length);
    if (statement.sql !== undefined) out.sized(new TextEncoder().encode(statement.sql));
    if (statement.want === WANT_PAGE) {
      out.u16(statement.limits?.weightColumn ?? 0);
      out.u32(statement.limits?.mostRows ?? 0);
      out.u32(statement.limits?.mostWeight ?? 0);
    }
    for (const parameter of parameters) out.value(parameter);
  }
  return out.take();
}

/** Encodes an answer. */
export function encodeAnswer(answer: FrameAnswer): Uint8Array {
  const out = new FieldWriter();
  out.u8(FRAME_VERSION);
  out.u8(answer.status);
  out.u16(0);
  out.u32(answer.ran);
  if (answer.status !== STATUS_OK) {
    out.u32(answer.code);
    out.sized(new TextEncoder().encode(answer.message));
    return out.take();
  }
  for (const result of answer.results) {
    if (result.kind === "changes") {
      out.u32(result.changes);
      continue;
    }
    out.u32(result.rows.length);
    out.u8(result.ended ? 1 : 0);
    out.u8(0);
    out.u16(result.columns);
    for (const row of result.rows) for (const value of row) out.value(value);
  }
  return out.take();
}

/** Reads fields; anything outside the buffer, an unknown version or a rest is a `RangeError`. */
class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  #take(count: number): number {
    const at = this.at;
    if (at + count > this.#bytes.length) throw new RangeError(`cut off at byte ${at}`);
    this.at += count;
    return at;
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  sized(): Uint8Array {
    const length = this.u32();
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }
  text(): string {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.sized());
  }
  value(): FrameValue {
    const tag = this.u8();
    if (tag === TAG_NULL) return null;
    if (tag === TAG_INTEGER) return this.#view.getBigInt64(this.#take(8), true);
    if (tag === TAG_REAL) return this.#view.getFloat64(this.#take(8), true);
    if (tag === TAG_TEXT) return this.text();
    if (tag === TAG_BLOB) return this.sized();
    if (tag === TAG_TEXT_EARLIER) return { offset: this.u32(), length: this.u32() };
    throw new RangeError(`unknown tag ${tag} at byte ${this.at - 1}`);
  }
  version(): void {
    const version = this.u8();
    if (version !== FRAME_VERSION) throw new RangeError(`unknown version ${version}`);
  }
  end(): void {
    if (this.at !== this.#bytes.length) throw new RangeError(`${this.#bytes.length - this.at} bytes left over`);
  }
}

/** Decodes a frame. */
export function decodeFrame(bytes: Uint8Array): FrameStatement[] {
  const reader = new FieldReader(bytes);
  reader.version();
  reader.u8();
  reader.u16();
  const count = reader.u32();
  const statements: FrameStatement[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = reader.u32();
    const want = reader.u8();
    const flags = reader.u8();
    const parameterCount = reader.u16();
    const sql = (flags & (FLAG_SQL_FOLLOWS | FLAG_RUN_ONCE)) === 0 ? {} : { sql: reader.text() };
    const runOnce = (flags & FLAG_RUN_ONCE) === 0 ? {} : { runOnce: true };
    const itemRows = (flags & FLAG_ITEM_ROWS) === 0 ? {} : { itemRows: true };
    const limits = want === WANT_PAGE ? { limits: { weightColumn: reader.u16(), mostRows: reader.u32(), mostWeight: reader.u32() } } : {};
    const parameters: FrameValue[] = [];
    for (let number = 0; number < parameterCount; number += 1) parameters.push(reader.value());
    statements.push({ id, want, ...sql, ...runOnce, ...itemRows, ...limits, parameters });
  }
  reader.end();
  return statements;
}

/** Decodes an answer. `wants` are the wants of the frame's statements: an answer does not repeat them. */
export function decodeAnswer(bytes: Uint8Array, wants: readonly number[]): FrameAnswer {
  const reader = new FieldReader(bytes);
  reader.version();
  const status = reader.u8();
  reader.u16();
  const ran = reader.u32();
  if (status === STATUS_FAILED || status === STATUS_MALFORMED) {
    const answer = { status, ran, code: reader.u32(), message: reader.text() } as const;
    reader.end();
    return answer;
  }
  if (status !== STATUS_OK) throw new RangeError(`unknown status ${status}`);
  const results: FrameResult[] = [];
  for (const want of wants) {
    if (want === WANT_NOTHING || want === WANT_FORGET) continue;
    results.push(want === WANT_CHANGES ? { kind: "changes", changes: reader.u32() } : readRows(reader));
  }
  reader.end();
  return { status, ran, results };
}

function readRows(reader: FieldReader): FrameResult {
  const count = reader.u32();
  const ended = reader.u8() === 1;
  reader.u8();
  const columns = reader.u16();
  const rows: FrameValue[][] = [];
  for (let index = 0; index < count; index += 1) {
    const row: FrameValue[] = [];
    for (let column = 0; column < columns; column += 1) row.push(reader.value());
    rows.push(row);
  }
  return { kind: "rows", ended, columns, rows };
}
