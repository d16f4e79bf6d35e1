/**
 * Runs frames (`docs/frame.md`) against SQLite's C functions: the hot path of every request.
 *
 * The frame is copied once from the engine's memory into SQLite's, parameters are bound as pointers into that copy, and columns are copied
 * straight into the engine's answer buffer. No JavaScript string, array or object is made per value. Either memory may grow under any call
 * into its module, so views are tested after each such call and taken again.
 */

import {
  type Pointer,
  SQLITE_BLOB,
  SQLITE_DONE,
  SQLITE_FLOAT,
  SQLITE_INTEGER,
  SQLITE_MISUSE,
  SQLITE_NOMEM,
  SQLITE_OK,
  SQLITE_ROW,
  SQLITE_STATIC,
  SQLITE_TEXT,
  type SqliteApi,
  type SqliteDriver,
} from "../drivers/driver.ts";
import { MemoryViews } from "../drivers/memory-views.ts";
import { querySql, readCString } from "../drivers/statement.ts";
import { AnswerWriter, copyBytes, type EngineMemory } from "./answer-writer.ts";
import { BridgeCounters } from "./counters.ts";
import { DECIMAL_BYTES, halves, readDecimal, writeDecimal } from "./decimal.ts";
import {
  EXECUTE_LOST,
  FLAG_ITEM_ROWS,
  FLAG_RUN_ONCE,
  FLAG_SQL_FOLLOWS,
  FRAME_HEADER_BYTES,
  FRAME_VERSION,
  STATUS_FAILED,
  STATUS_MALFORMED,
  STATUS_OK,
  TAG_BLOB,
  TAG_INTEGER,
  TAG_NULL,
  TAG_REAL,
  TAG_TEXT,
  TAG_TEXT_EARLIER,
  WANT_CHANGES,
  WANT_FIRST_ROW,
  WANT_FORGET,
  WANT_NOTHING,
  WANT_PAGE,
} from "./frame.ts";
import { isCommit, type PreparedStatement } from "./prepared-statement.ts";
import type { StatementRecorder } from "./statement-recorder.ts";

/** The first scratch buffer in SQLite's memory; it doubles as frames need. */
const FIRST_SCRATCH_BYTES = 16 * 1024;
/** The largest scratch buffer kept between frames: one bulk load must not pin its size for ever. */
const KEPT_SCRATCH_BYTES = 4 * 1024 * 1024;
/** Integers up to here are exact as doubles, and a double costs no second call. */
const EXACT_DOUBLE = 2 ** 53;
const TWO_32 = 2 ** 32;

/** A frame that does not follow the format: the engine's defect, never a user's. */
class MalformedFrame extends Error {}

export class FrameExecutor {
  readonly counters = new BridgeCounters();
  /** Hears of the statements that run, while somebody wants to know. */
  recorder: StatementRecorder | undefined;

  readonly #driver: SqliteDriver;
  readonly #api: SqliteApi;
  #db: Pointer;
  readonly #heap: MemoryViews;
  readonly #statements = new Map<number, PreparedStatement>();
  /** The statement that is running, so that `reset` finds it if an exception unwound past its end. */
  #running: Pointer = 0;
  #runningOnce = false;
  /** Where `prepare` puts its statement pointer. */
  readonly #statementOut: Pointer;
  #scratch: Pointer = 0;
  #scratchBytes = 0;
  #decimals: Pointer = 0;
  #decimalsBytes = 0;
  #answer: AnswerWriter | undefined;
  /** The frame's copy: its first byte, the byte being read, the byte after its last. */
  #frame: Pointer = 0;
  #at: Pointer = 0;
  #end: Pointer = 0;

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
    this.#api = driver.api;
    this.#db = driver.db;
    this.#heap = new MemoryViews(() => driver.memory);
    this.#statementOut = driver.api.malloc(8);
  }

  /** Names the engine whose memory frames are read from and answers written to. A new engine after a trap is attached the same way. */
  attach(engine: EngineMemory): void {
    this.#answer = new AnswerWriter(engine);
  }

  /** The engine's import: runs the frame and writes the answer. Gives the answer's length, or -2 if the connection is lost. */
  execute(framePointer: number, frameLength: number, answerPointer: number, answerCapacity: number): number {
    const answer = this.#attached();
    if (!this.#driver.usable) return EXECUTE_LOST;
    answer.views.refresh();
    const loaded = this.#load(answer.views.bytes, framePointer, frameLength);
    answer.start(answerPointer, answerCapacity);
    return this.#answerFrame(answer, loaded, frameLength);
  }

  /** The same for a frame that was copied out of the engine's memory earlier; the answer's buffer is asked for. */
  executeCopy(frame: Uint8Array): number {
    const answer = this.#attached();
    if (!this.#driver.usable) return EXECUTE_LOST;
    const loaded = this.#load(frame, 0, frame.length);
    answer.startReserved(256);
    return this.#answerFrame(answer, loaded, frame.length);
  }

  /** Goes on with a new connection over the same files; what is open in the old one is not kept. Throws if there is none to be had. */
  reopen(): void {
    this.reset();
    this.#driver.reopen();
    this.#db = this.#driver.db;
  }

  /**
   * Leaves the connection as it was when it was opened, its data apart: every statement finalised, an open transaction rolled back. For a
   * kept connection whose engine has died, and before the driver is closed.
   */
  reset(): void {
    if (this.#running !== 0) {
      this.#api.reset(this.#running);
      if (this.#runningOnce) this.#api.finalize(this.#running);
      this.#running = 0;
    }
    for (const { pointer } of this.#statements.values()) this.#api.finalize(pointer);
    this.#statements.clear();
    if (!this.#driver.usable) return;
    try {
      querySql(this.#driver, "ROLLBACK");
    } catch {
      // No transaction was open: the only way ROLLBACK fails.
    }
  }

  #attached(): AnswerWriter {
    if (this.#answer === undefined) throw new Error("the executor was called before an engine was attached");
    return this.#answer;
  }

  /** Copies the frame into SQLite's memory. False if SQLite has no memory for it. */
  #load(from: Uint8Array, pointer: number, length: number): boolean {
    this.counters.crossings += 1;
    this.counters.bytesIn += length;
    if (this.#scratch === 0 || this.#scratchBytes < length || this.#scratchBytes > KEPT_SCRATCH_BYTES) {
      if (this.#scratch !== 0) this.#api.free(this.#scratch);
      let bytes = FIRST_SCRATCH_BYTES;
      while (bytes < length) bytes *= 2;
      this.#scratch = this.#api.malloc(bytes);
      this.#scratchBytes = this.#scratch === 0 ? 0 : bytes;
    }
    this.#heap.refresh();
    if (this.#scratch === 0) return false;
    copyBytes(from, pointer, length, this.#heap.bytes, this.#scratch);
    this.#frame = this.#scratch;
    this.#at = this.#scratch;
    this.#end = this.#scratch + length;
    return true;
  }

  #answerFrame(answer: AnswerWriter, loaded: boolean, length: number): number {
    let ran = 0;
    let status = STATUS_OK;
    try {
      if (!loaded) {
        status = STATUS_FAILED;
        this.#fail(answer, SQLITE_NOMEM, `no memory for a frame of ${length} bytes`);
      } else {
        const count = this.#header();
        while (ran < count) {
          if (!this.#run(answer)) {
            status = STATUS_FAILED;
            break;
          }
          ran += 1;
        }
        if (status === STATUS_OK && this.#at !== this.#end) throw new MalformedFrame("bytes after the last statement");
      }
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      status = STATUS_MALFORMED;
      this.#fail(answer, 0, error.message);
    }
    const written = answer.finish(status, ran);
    this.counters.bytesOut += written;
    return written;
  }

  #header(): number {
    const at = this.#take(FRAME_HEADER_BYTES);
    const version = this.#heap.data.getUint8(at);
    if (version !== FRAME_VERSION) throw new MalformedFrame(`frame version ${version} is not known`);
    return this.#heap.data.getUint32(at + 4, true);
  }

  /** Passes over so many bytes of the frame and gives the first one's place. */
  #take(count: number): Pointer {
    const at = this.#at;
    if (count > this.#end - at) throw new MalformedFrame("the frame is cut off");
    this.#at = at + count;
    return at;
  }

  /** Runs the statement at the cursor. False if SQLite refused: the answer then holds the error. */
  #run(answer: AnswerWriter): boolean {
    const head = this.#take(8);
    const data = this.#heap.data;
    const id = data.getUint32(head, true);
    const want = data.getUint8(head + 4);
    const flags = data.getUint8(head + 5);
    const parameters = data.getUint16(head + 6, true);
    if (want > WANT_FORGET) throw new MalformedFrame(`want ${want} is not known`);
    if (want === WANT_FORGET) {
      if (flags !== 0 || parameters !== 0) throw new MalformedFrame("a forgotten statement takes neither text nor parameters");
      this.#forget(id);
      return true;
    }
    this.counters.statements += 1;
    const statement = this.#statement(answer, id, flags);
    if (statement === undefined) return false;
    this.#running = statement.pointer;
    this.#runningOnce = (flags & FLAG_RUN_ONCE) !== 0;
    this.recorder?.runs(statement.pointer);
    if (statement.commits) this.counters.commits += 1;
    try {
      return this.#runPrepared(answer, statement, want, (flags & FLAG_ITEM_ROWS) !== 0, parameters);
    } finally {
      // Whatever happened, no cursor outlives its statement's run.
      if (this.#running !== 0) this.#api.reset(statement.pointer);
      if (this.#runningOnce) this.#api.finalize(statement.pointer);
      this.#running = 0;
      this.#heap.refresh();
    }
  }

  #forget(id: number): void {
    const statement = this.#statements.get(id);
    if (statement === undefined) return;
    this.#statements.delete(id);
    this.#api.finalize(statement.pointer);
  }

  /** The prepared statement to run, undefined if its text did not prepare. */
  #statement(answer: AnswerWriter, id: number, flags: number): PreparedStatement | undefined {
    if ((flags & (FLAG_SQL_FOLLOWS | FLAG_RUN_ONCE)) === 0) {
      const known = this.#statements.get(id);
      if (known === undefined) throw new MalformedFrame(`statement ${id} has no text on this connection`);
      return known;
    }
    const once = (flags & FLAG_RUN_ONCE) !== 0;
    if (!once) this.#forget(id);
    const length = this.#heap.data.getUint32(this.#take(4), true);
    const text = this.#take(length);
    const code = this.#api.prepare(this.#db, text, length, this.#statementOut, 0);
    this.#heap.refresh();
    if (code !== SQLITE_OK) {
      this.#failWithLast(answer, code);
      return undefined;
    }
    const pointer = this.#heap.data.getUint32(this.#statementOut, true);
    if (pointer === 0) {
      this.#fail(answer, SQLITE_MISUSE, "the text holds no statement");
      return undefined;
    }
    const statement = { pointer, bound: 0, commits: isCommit(this.#heap.data, text, length) };
    if (!once) this.#statements.set(id, statement);
    return statement;
  }

  #runPrepared(answer: AnswerWriter, prepared: PreparedStatement, want: number, itemRows: boolean, parameters: number): boolean {
    let weightColumn = 0;
    let mostRows = 0;
    let mostWeight = 0;
    if (want === WANT_PAGE) {
      const limits = this.#take(10);
      weightColumn = this.#heap.data.getUint16(limits, true);
      mostRows = this.#heap.data.getUint32(limits + 2, true);
      mostWeight = this.#heap.data.getUint32(limits + 6, true);
    } else if (want === WANT_FIRST_ROW) {
      mostRows = 1;
    }
    const bound = this.#bindAll(prepared, parameters);
    if (bound !== SQLITE_OK) return this.#failWithLast(answer, bound);
    const statement = prepared.pointer;
    let code: number;
    if (want === WANT_NOTHING || want === WANT_CHANGES) code = this.#stepOver(statement);
    else if (itemRows && want === WANT_PAGE) code = this.#stepItems(answer, statement, mostRows, mostWeight);
    else code = this.#stepRows(answer, statement, mostRows, mostWeight, weightColumn);
    this.#heap.refresh();
    if (code !== SQLITE_DONE) {
      // A statement that stopped at a row is completed by its reset, which may be what commits it, and fail.
      if (code !== SQLITE_ROW) return this.#failWithLast(answer, code);
      const completed = this.#api.reset(statement);
      this.#running = 0;
      this.#heap.refresh();
      if (completed !== SQLITE_OK) return this.#failWithLast(answer, completed);
    }
    if (want === WANT_CHANGES) answer.u32(this.#api.changes(this.#db));
    return true;
  }

  #stepOver(statement: Pointer): number {
    let code = this.#api.step(statement);
    while (code === SQLITE_ROW) code = this.#api.step(statement);
    return code;
  }

  /** Writes rows until the statement or a bound ends them. Gives the last step's code: `SQLITE_ROW` means a bound did. */
  #stepRows(answer: AnswerWriter, statement: Pointer, mostRows: number, mostWeight: number, weightColumn: number): number {
    const api = this.#api;
    const place = answer.openRows();
    let rows = 0;
    let weight = 0;
    let columns = 0;
    let code = api.step(statement);
    while (code === SQLITE_ROW) {
      if (rows === 0) columns = api.columnCount(statement);
      rows += 1;
      this.#writeRow(answer, statement, columns);
      if (rows === mostRows) break;
      if (mostWeight !== 0) {
        weight += api.columnDouble(statement, weightColumn);
        if (weight >= mostWeight) break;
      }
      code = api.step(statement);
    }
    answer.patchRows(place, rows, code === SQLITE_DONE, columns);
    this.recorder?.gave(statement, rows);
    return code;
  }

  /** `#stepRows` for rows that are a size and an item: half the calls into SQLite, the same answer. */
  #stepItems(answer: AnswerWriter, statement: Pointer, mostRows: number, mostWeight: number): number {
    const api = this.#api;
    const place = answer.openRows();
    let rows = 0;
    let weight = 0;
    let code = api.step(statement);
    while (code === SQLITE_ROW) {
      rows += 1;
      const size = api.columnDouble(statement, 0);
      const pointer = api.columnBlob(statement, 1);
      if (pointer === 0) {
        // An empty text or none at all: only its type tells.
        this.#writeRow(answer, statement, 2);
      } else {
        const length = api.columnBytes(statement, 1);
        this.#heap.refresh();
        answer.itemRow(size, this.#heap.bytes, pointer, length);
      }
      weight += size;
      if (rows === mostRows || (mostWeight !== 0 && weight >= mostWeight)) break;
      code = api.step(statement);
    }
    answer.patchRows(place, rows, code === SQLITE_DONE, 2);
    this.recorder?.gave(statement, rows);
    return code;
  }

  #writeRow(answer: AnswerWriter, statement: Pointer, columns: number): void {
    const api = this.#api;
    for (let column = 0; column < columns; column += 1) {
      const type = api.columnType(statement, column);
      if (type === SQLITE_TEXT || type === SQLITE_BLOB) {
        // As a blob even for text: it is the same bytes, and SQLite need not copy them to put a NUL behind them.
        const pointer = api.columnBlob(statement, column);
        const length = api.columnBytes(statement, column);
        this.#heap.refresh();
        answer.bytes(type === SQLITE_TEXT ? TAG_TEXT : TAG_BLOB, this.#heap.bytes, pointer, length);
      } else if (type === SQLITE_INTEGER) {
        this.#writeInteger(answer, statement, column);
      } else if (type === SQLITE_FLOAT) {
        answer.real(api.columnDouble(statement, column));
      } else {
        answer.nullValue();
      }
    }
  }

  #writeInteger(answer: AnswerWriter, statement: Pointer, column: number): void {
    const value = this.#api.columnDouble(statement, column);
    if (value > -EXACT_DOUBLE && value < EXACT_DOUBLE) {
      // The low half needs no arithmetic: storing a number as 32 bits takes it modulo 2^32.
      answer.integer(value, value === (value | 0) ? value >> 31 : Math.floor(value / TWO_32));
      return;
    }
    const int64 = this.#api.int64;
    if (int64 !== undefined) {
      const low = int64.columnLow(statement, column);
      answer.integer(low, int64.high());
      return;
    }
    const text = this.#api.columnText(statement, column);
    const length = this.#api.columnBytes(statement, column);
    this.#heap.refresh();
    readDecimal(this.#heap.bytes, text, length);
    answer.integer(halves.low, halves.high);
  }

  /**
   * Binds the parameters at the cursor, and NULL where only the last run had one. `sqlite3_clear_bindings` would do the latter, but SQLite
   * then prepares statements with ranges anew at their next run: 12 µs and more. What stays bound until then is never looked at.
   */
  #bindAll(prepared: PreparedStatement, parameters: number): number {
    const before = prepared.bound;
    prepared.bound = Math.max(before, parameters);
    const code = this.#bind(prepared.pointer, parameters);
    if (code !== SQLITE_OK) return code;
    // A result is not asked for: a parameter that failed to bind because the statement has none so far up is counted as well.
    for (let index = parameters + 1; index <= before; index += 1) this.#bindNull(prepared.pointer, index);
    prepared.bound = parameters;
    return SQLITE_OK;
  }

  /** The null pointer as a text is NULL; not every build exports `sqlite3_bind_null`. */
  #bindNull(statement: Pointer, index: number): number {
    return this.#api.bindText(statement, index, 0, 0, SQLITE_STATIC);
  }

  #bind(statement: Pointer, parameters: number): number {
    const api = this.#api;
    let data = this.#heap.data;
    let code = SQLITE_OK;
    for (let index = 1; index <= parameters; index += 1) {
      const tag = data.getUint8(this.#take(1));
      if (tag === TAG_TEXT || tag === TAG_BLOB) {
        const length = data.getUint32(this.#take(4), true);
        const pointer = this.#take(length);
        if (tag === TAG_TEXT) code = api.bindText(statement, index, pointer, length, SQLITE_STATIC);
        else code = api.bindBlob(statement, index, pointer, length, SQLITE_STATIC);
      } else if (tag === TAG_INTEGER) {
        const at = this.#take(8);
        const low = data.getInt32(at, true);
        const high = data.getInt32(at + 4, true);
        if (high === low >> 31) {
          code = api.bindInt(statement, index, low);
        } else if (api.int64 !== undefined) {
          code = api.int64.bind(statement, index, low, high);
        } else {
          code = this.#bindDecimal(statement, index, parameters, low, high);
          data = this.#heap.data;
        }
      } else if (tag === TAG_TEXT_EARLIER) {
        const at = this.#take(8);
        const offset = data.getUint32(at, true);
        const length = data.getUint32(at + 4, true);
        if (offset + length > at - 1 - this.#frame) throw new MalformedFrame("a text refers to bytes that do not stand earlier");
        code = api.bindText(statement, index, this.#frame + offset, length, SQLITE_STATIC);
      } else if (tag === TAG_REAL) {
        code = api.bindDouble(statement, index, data.getFloat64(this.#take(8), true));
      } else if (tag === TAG_NULL) {
        code = this.#bindNull(statement, index);
      } else {
        throw new MalformedFrame(`tag ${tag} is not known`);
      }
      if (code !== SQLITE_OK) return code;
    }
    return code;
  }

  /** Binds a 64-bit integer as decimal text, in a buffer with room for all of the statement's parameters, so that it never moves. */
  #bindDecimal(statement: Pointer, index: number, parameters: number, low: number, high: number): number {
    const room = parameters * DECIMAL_BYTES;
    if (this.#decimalsBytes < room) {
      if (this.#decimals !== 0) this.#api.free(this.#decimals);
      this.#decimals = this.#api.malloc(room);
      this.#decimalsBytes = this.#decimals === 0 ? 0 : room;
      this.#heap.refresh();
      if (this.#decimals === 0) return SQLITE_NOMEM;
    }
    const text = this.#decimals + (index - 1) * DECIMAL_BYTES;
    const length = writeDecimal(low, high, this.#heap.bytes, text);
    return this.#api.bindText(statement, index, text, length, SQLITE_STATIC);
  }

  /** Puts SQLite's last error in the place of the results. */
  #failWithLast(answer: AnswerWriter, code: number): false {
    this.#fail(answer, code, readCString(this.#driver.memory, this.#api.errmsg(this.#db)));
    return false;
  }

  /** Puts an error in the place of the results. */
  #fail(answer: AnswerWriter, code: number, message: string): void {
    const bytes = new TextEncoder().encode(message);
    answer.rewind();
    answer.u32(code);
    answer.message(bytes, 0, bytes.length);
  }
}
