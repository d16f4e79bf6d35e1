/**
 * The packed form of requests and replies: what a page sends to its worker, what a worker hands to the engine, and what comes back.
 * Little-endian, nothing aligned.
 *
 * Requests: `u32 count`, then per request `u32 id, u16 target length, target, u32 body length, body`.
 * Replies: `u32 count`, then per reply `u32 id, u16 status, u16 reserved, u32 body length, body`.
 */

/** One request as it stands in a packed batch; `body` is a view of the batch. */
export interface PackedRequest {
  id: number;
  target: string;
  body: Uint8Array;
}

/** One reply as it stands in packed replies; `body` is a view of them. */
export interface PackedReply {
  id: number;
  status: number;
  body: Uint8Array;
}

/** A batch or a set of replies is not laid out as this page says. */
export class MalformedBatch extends Error {
  override name = "MalformedBatch";
}

const HEADER = 4;
const REQUEST_FIXED = 10;
const REPLY_FIXED = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const targets = new Map<string, Uint8Array>();

/** Targets are few and repeat: each is encoded once. */
function encodedTarget(target: string): Uint8Array {
  let bytes = targets.get(target);
  if (!bytes) {
    bytes = encoder.encode(target);
    if (bytes.length > 0xffff) throw new MalformedBatch("the operation name is longer than 65,535 bytes");
    // A caller of the raw door may send anything as a target, and what it sends must not pile up.
    if (targets.size < 256) targets.set(target, bytes);
  }
  return bytes;
}

const EMPTY = new Uint8Array(0);
const NO_VIEW = new DataView(EMPTY.buffer);

/** Collects requests into one buffer that can be transferred; strings are encoded straight into it. */
export class BatchWriter {
  #bytes = EMPTY;
  #view = NO_VIEW;
  #used = HEADER;
  #lastSize = 1024;
  /** Requests added since the last `take`. */
  count = 0;

  add(id: number, target: string, body: string | Uint8Array): void {
    const name = encodedTarget(target);
    // A UTF-16 unit takes at most three bytes of UTF-8.
    const bodyMost = typeof body === "string" ? body.length * 3 : body.length;
    this.#reserve(REQUEST_FIXED + name.length + bodyMost);
    let at = this.#used;
    this.#view.setUint32(at, id, true);
    this.#view.setUint16(at + 4, name.length, true);
    this.#bytes.set(name, at + 6);
    at += 6 + name.length;
    let length = bodyMost;
    if (typeof body === "string") length = encoder.encodeInto(body, this.#bytes.subarray(at + 4)).written;
    else this.#bytes.set(body, at + 4);
    this.#view.setUint32(at, length, true);
    this.#used = at + 4 + length;
    this.count += 1;
  }

  /** Bytes of the batch so far. */
  get size(): number {
    return this.#used;
  }

  /** The finished batch, whose buffer is the caller's to transfer; the writer starts anew. */
  take(): Uint8Array<ArrayBuffer> {
    this.#reserve(0);
    this.#view.setUint32(0, this.count, true);
    const batch = this.#bytes.subarray(0, this.#used);
    this.#lastSize = Math.min(this.#used, 1 << 20);
    this.#bytes = EMPTY;
    this.#view = NO_VIEW;
    this.#used = HEADER;
    this.count = 0;
    return batch;
  }

  #reserve(more: number): void {
    const needed = this.#used + more;
    if (needed <= this.#bytes.length) return;
    // The next turn is probably as busy as the last one.
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2, this.#lastSize));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Where one request or reply stands: its first byte and the byte after its last. */
interface Extent {
  id: number;
  start: number;
  end: number;
}

/** Walks packed bytes with `u32 count` in front; `lengthOf` gives the whole length of the entry at an offset. */
function extents(bytes: Uint8Array, fixed: number, lengthOf: (view: DataView, at: number) => number): Extent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER) throw new MalformedBatch("a batch is shorter than its header");
  const count = view.getUint32(0, true);
  if (count > bytes.length / fixed) throw new MalformedBatch("a batch is shorter than its count says");
  const found: Extent[] = [];
  let at = HEADER;
  for (let index = 0; index < count; index++) {
    if (at + fixed > bytes.length) throw new MalformedBatch("a batch ends inside an entry");
    const end = at + lengthOf(view, at);
    if (end > bytes.length) throw new MalformedBatch("a batch ends inside an entry");
    found.push({ id: view.getUint32(at, true), start: at, end });
    at = end;
  }
  if (at !== bytes.length) throw new MalformedBatch("bytes are left after the last entry of a batch");
  return found;
}

function requestLength(view: DataView, at: number): number {
  const target = view.getUint16(at + 4, true);
  const bodyAt = at + 6 + target;
  if (bodyAt + 4 > view.byteLength) throw new MalformedBatch("a batch ends inside an entry");
  return REQUEST_FIXED + target + view.getUint32(bodyAt, true);
}

function replyLength(view: DataView, at: number): number {
  return REPLY_FIXED + view.getUint32(at + 8, true);
}

/** Where the requests of a batch stand. Throws `MalformedBatch`. */
export function requestExtents(batch: Uint8Array): Extent[] {
  return extents(batch, REQUEST_FIXED, requestLength);
}

/** Where the replies stand. Throws `MalformedBatch`. */
export function replyExtents(replies: Uint8Array): Extent[] {
  return extents(replies, REPLY_FIXED, replyLength);
}

/** Reads a batch; bodies are views of it. Throws `MalformedBatch`. */
export function readRequests(batch: Uint8Array): PackedRequest[] {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  return requestExtents(batch).map(({ id, start, end }) => {
    const target = view.getUint16(start + 4, true);
    return {
      id,
      target: decoder.decode(batch.subarray(start + 6, start + 6 + target)),
      body: batch.subarray(start + REQUEST_FIXED + target, end),
    };
  });
}

/** Reads replies; bodies are views of them. Throws `MalformedBatch`. */
export function readReplies(replies: Uint8Array): PackedReply[] {
  const view = new DataView(replies.buffer, replies.byteOffset, replies.byteLength);
  return replyExtents(replies).map(({ id, start, end }) => ({
    id,
    status: view.getUint16(start + 4, true),
    body: replies.subarray(start + REPLY_FIXED, end),
  }));
}

/** Packs replies (an engine made in JavaScript, tests). */
export function packReplies(replies: readonly PackedReply[]): Uint8Array<ArrayBuffer> {
  const size = replies.reduce((sum, reply) => sum + REPLY_FIXED + reply.body.length, HEADER);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, replies.length, true);
  let at = HEADER;
  for (const { id, status, body } of replies) {
    view.setUint32(at, id, true);
    view.setUint16(at + 4, status, true);
    view.setUint32(at + 8, body.length, true);
    bytes.set(body, at + REPLY_FIXED);
    at += REPLY_FIXED + body.length;
  }
  return bytes;
}

/** One entry of a batch or of replies that is to be copied into another one, under another id. */
export interface Excerpt {
  source: Uint8Array;
  extent: Extent;
  id: number;
}

/** Whether these are all entries of one source, in its order. */
function isWhole(source: Uint8Array, excerpts: readonly Excerpt[]): boolean {
  let at = HEADER;
  for (const excerpt of excerpts) {
    if (excerpt.source !== source || excerpt.extent.start !== at) return false;
    at = excerpt.extent.end;
  }
  return at === source.length;
}

/** Puts entries of several batches (or several sets of replies) together as one in a buffer of its own, each under its new id. */
export function packExcerpts(excerpts: readonly Excerpt[]): Uint8Array<ArrayBuffer> {
  const whole = excerpts[0]?.source;
  if (whole && isWhole(whole, excerpts)) {
    // The usual case, one client: a copy in one piece.
    const bytes = whole.slice();
    const view = new DataView(bytes.buffer);
    for (const { extent, id } of excerpts) view.setUint32(extent.start, id, true);
    return bytes;
  }
  const size = excerpts.reduce((sum, { extent }) => sum + extent.end - extent.start, HEADER);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, excerpts.length, true);
  let at = HEADER;
  for (const { source, extent, id } of excerpts) {
    bytes.set(source.subarray(extent.start, extent.end), at);
    view.setUint32(at, id, true);
    at += extent.end - extent.start;
  }
  return bytes;
}
