/**
 * Writes an answer straight into the engine's memory, asking the engine for a larger buffer when it is full.
 */
import { MemoryViews } from "../drivers/memory-views.ts";
import { ANSWER_HEADER_BYTES, FRAME_VERSION, TAG_INTEGER, TAG_NULL, TAG_REAL, TAG_TEXT } from "./frame.ts";

/** The engine's memory as the executor sees it. */
export interface EngineMemory {
  /** The engine's current memory. Asked again whenever views are taken. */
  memory(): WebAssembly.Memory;
  /** The engine's `dynatab_answer_reserve`: a buffer of at least so many bytes, holding what was written so far. It may move. */
  reserve(atLeast: number): number;
}

/** Below this many bytes a loop beats `set(subarray)`, which costs two objects. */
const LOOP_COPY_BYTES = 48;

/** Copies bytes between two memories. */
export function copyBytes(from: Uint8Array, at: number, length: number, to: Uint8Array, target: number): void {
  if (length < LOOP_COPY_BYTES) {
    for (let index = 0; index < length; index += 1) to[target + index] = from[at + index] as number;
  } else {
    to.set(from.subarray(at, at + length), target);
  }
}

export class AnswerWriter {
  /** Views of the engine's memory; the executor reads frames through them. */
  readonly views: MemoryViews;
  readonly #reserve: (atLeast: number) => number;
  #base = 0;
  #at = 0;
  #end = 0;

  constructor(engine: EngineMemory) {
    this.views = new MemoryViews(() => engine.memory());
    this.#reserve = (atLeast) => engine.reserve(atLeast);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at - this.#base;
  }

  /** Starts an answer in a buffer of the engine's; its header is written by `finish`. */
  start(pointer: number, capacity: number): void {
    this.views.refresh();
    this.#base = pointer;
    this.#at = pointer;
    this.#end = pointer + capacity;
    this.#need(ANSWER_HEADER_BYTES);
    this.#at = this.#base + ANSWER_HEADER_BYTES;
  }

  /** Starts an answer in a buffer yet to be asked for. */
  startReserved(atLeast: number): void {
    const pointer = this.#reserve(atLeast);
    this.views.refresh();
    this.start(pointer, atLeast);
  }

  /** Forgets the body: an error takes the place of the results. */
  rewind(): void {
    this.#at = this.#base + ANSWER_HEADER_BYTES;
  }

  /** Writes the header and gives the answer's length. */
  finish(status: number, ran: number): number {
    const view = this.views.data;
    view.setUint8(this.#base, FRAME_VERSION);
    view.setUint8(this.#base + 1, status);
    view.setUint16(this.#base + 2, 0, true);
    view.setUint32(this.#base + 4, ran, true);
    return this.#at - this.#base;
  }

  u32(value: number): void {
    this.#need(4);
    this.views.data.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** Leaves room for a row set's head; `patchRows` fills it once the rows are counted. Gives its place in the answer. */
  openRows(): number {
    this.#need(8);
    const place = this.#at - this.#base;
    this.#at += 8;
    return place;
  }

  patchRows(place: number, rows: number, ended: boolean, columns: number): void {
    const view = this.views.data;
    const at = this.#base + place;
    view.setUint32(at, rows, true);
    view.setUint16(at + 4, ended ? 1 : 0, true);
    view.setUint16(at + 6, columns, true);
  }

  nullValue(): void {
    this.#need(1);
    this.views.data.setUint8(this.#at, TAG_NULL);
    this.#at += 1;
  }

  integer(low: number, high: number): void {
    this.#need(9);
    const view = this.views.data;
    const at = this.#at;
    view.setUint8(at, TAG_INTEGER);
    view.setInt32(at + 1, low, true);
    view.setInt32(at + 5, high, true);
    this.#at = at + 9;
  }

  /** A row of an integer of 31 bits and a text, in one step: most of what is ever answered. */
  itemRow(size: number, from: Uint8Array, pointer: number, length: number): void {
    this.#need(14 + length);
    const { bytes, data } = this.views;
    const at = this.#at;
    bytes[at] = TAG_INTEGER;
    data.setInt32(at + 1, size, true);
    data.setInt32(at + 5, 0, true);
    bytes[at + 9] = TAG_TEXT;
    data.setUint32(at + 10, length, true);
    copyBytes(from, pointer, length, bytes, at + 14);
    this.#at = at + 14 + length;
  }

  real(value: number): void {
    this.#need(9);
    this.views.data.setUint8(this.#at, TAG_REAL);
    this.views.data.setFloat64(this.#at + 1, value, true);
    this.#at += 9;
  }

  /** A text or a blob, copied from SQLite's memory. */
  bytes(tag: number, from: Uint8Array, pointer: number, length: number): void {
    this.#need(5 + length);
    const at = this.#at;
    this.views.data.setUint8(at, tag);
    this.views.data.setUint32(at + 1, length, true);
    copyBytes(from, pointer, length, this.views.bytes, at + 5);
    this.#at = at + 5 + length;
  }

  /** A length and bytes without a tag: an error's message. */
  message(from: Uint8Array, pointer: number, length: number): void {
    this.#need(4 + length);
    this.views.data.setUint32(this.#at, length, true);
    copyBytes(from, pointer, length, this.views.bytes, this.#at + 4);
    this.#at += 4 + length;
  }

  /** Makes room, moving the answer into a buffer twice as large if need be. */
  #need(count: number): void {
    if (this.#at + count <= this.#end) return;
    const written = this.#at - this.#base;
    const capacity = Math.max(written + count, (this.#end - this.#base) * 2);
    this.#base = this.#reserve(capacity);
    this.#at = this.#base + written;
    this.#end = this.#base + capacity;
    this.views.refresh();
  }
}
