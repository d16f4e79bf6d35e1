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

/** A buffer larger than this is not kept for the next batch. */
const MOST_KEPT_BYTES = 1 << 20;

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
    // As many bytes as UTF-16 units: nearly all JSON is ASCII.
    this.#reserve(REQUEST_FIXED + name.length + body.length);
    const at = this.#used;
    const bodyAt = at + REQUEST_FIXED + name.length;
    let length = body.length;
    // The body first, since its encoding may take a larger buffer, into which only earlier requests are copied.
    if (typeof body === "string") length = this.#encode(body, bodyAt);
    else this.#bytes.set(body, bodyAt);
    this.#view.setUint32(at, id, true);
    this.#view.setUint16(at + 4, name.length, true);
    this.#bytes.set(name, at + 6);
    this.#view.setUint32(bodyAt - 4, length, true);
    this.#used = bodyAt + length;
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
    this.#lastSize = Math.min(this.#used, MOST_KEPT_BYTES);
    this.#bytes = EMPTY;
    this.#view = NO_VIEW;
    this.#used = HEADER;
    this.count = 0;
    return batch;
  }

  /** Offers a buffer nobody needs any more, a batch's own that has come back with its replies: the next batch is written into it. */
  reuse(buffer: ArrayBuffer): void {
    const useful = buffer.byteLength > this.#bytes.length && buffer.byteLength <= MOST_KEPT_BYTES;
    if (this.count === 0 && useful) this.#write(new Uint8Array(buffer));
  }

  #reserve(more: number): void {
    const needed = this.#used + more;
    if (needed <= this.#bytes.length) return;
    // The next turn is probably as busy as the last one.
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2, this.#lastSize));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#write(grown);
  }

  #write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  /** Encodes a text to where the batch will end, and gives its length in bytes. */
  #encode(text: string, at: number): number {
    const { read, written } = encoder.encodeInto(text, this.#bytes.subarray(at));
    if (read === text.length) return written;
    // Again from the start, with room for the three bytes that a UTF-16 unit takes at most.
    this.#reserve(at - this.#used + 3 * text.length);
    return encoder.encodeInto(text, this.#bytes.subarray(at)).written;
  }
}

/** Where one request or reply stands: its first byte and the byte after its last. */
interface Extent {
  id: number;
  start: number;
  end: number;
}

/** What requests or replies have in common: an id in front, `fixed` bytes at least. Gives an entry's whole length. */
interface EntryKind {
  readonly fixed: number;
  readonly lengthOf: (view: DataView, at: number) => number;
}

const REQUEST: EntryKind = {
  fixed: REQUEST_FIXED,
  lengthOf(view, at) {
    const bodyAt = at + 6 + view.getUint16(at + 4, true);
    if (bodyAt + 4 > view.byteLength) throw new MalformedBatch("a batch ends inside an entry");
    return bodyAt + 4 - at + view.getUint32(bodyAt, true);
  },
};

const REPLY: EntryKind = {
  fixed: REPLY_FIXED,
  lengthOf: (view, at) => REPLY_FIXED + view.getUint32(at + 8, true),
};

/** Goes through packed entries one by one and makes nothing on the way: this runs for every message. */
class Entries {
  readonly view: DataView;
  readonly count: number;
  readonly #kind: EntryKind;
  #passed = 0;
  /** Where the present entry begins and ends. */
  start = 0;
  end = HEADER;

  constructor(bytes: Uint8Array, kind: EntryKind) {
    if (bytes.length < HEADER) throw new MalformedBatch("a batch is shorter than its header");
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = this.view.getUint32(0, true);
    this.#kind = kind;
    if (this.count > bytes.length / kind.fixed) throw new MalformedBatch("a batch is shorter than its count says");
  }

  /** Goes to the next entry; false behind the last one. */
  next(): boolean {
    const { view, end } = this;
    if (this.#passed === this.count) {
      if (end !== view.byteLength) throw new MalformedBatch("bytes are left after the last entry of a batch");
      return false;
    }
    if (end + this.#kind.fixed > view.byteLength) throw new MalformedBatch("a batch ends inside an entry");
    this.start = end;
    this.end = end + this.#kind.lengthOf(view, end);
    if (this.end > view.byteLength) throw new MalformedBatch("a batch ends inside an entry");
    this.#passed += 1;
    return true;
  }

  get id(): number {
    return this.view.getUint32(this.start, true);
  }
}

function extents(entries: Entries): Extent[] {
  const found: Extent[] = [];
  while (entries.next()) found.push({ id: entries.id, start: entries.start, end: entries.end });
  return found;
}

/** Where the requests of a batch stand. Throws `MalformedBatch`. */
export function requestExtents(batch: Uint8Array): Extent[] {
  return extents(new Entries(batch, REQUEST));
}

/** Where the replies stand. Throws `MalformedBatch`. */
export function replyExtents(replies: Uint8Array): Extent[] {
  return extents(new Entries(replies, REPLY));
}

/** How many requests a batch holds. Throws `MalformedBatch`. */
export function countRequests(batch: Uint8Array): number {
  const requests = new Entries(batch, REQUEST);
  while (requests.next());
  return requests.count;
}

/** Whether these are the replies to all requests of this batch, one each and in their order. Throws `MalformedBatch`. */
export function answersInOrder(batch: Uint8Array, replies: Uint8Array): boolean {
  const asked = new Entries(batch, REQUEST);
  const answered = new Entries(replies, REPLY);
  if (asked.count !== answered.count) return false;
  while (asked.next() && answered.next()) if (asked.id !== answered.id) return false;
  return true;
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

/** Goes through replies; bodies are views of them. Throws `MalformedBatch`. */
export function eachReply(replies: Uint8Array, take: (id: number, status: number, body: Uint8Array) => void): void {
  const entries = new Entries(replies, REPLY);
  while (entries.next()) {
    const { view, id, start, end } = entries;
    take(id, view.getUint16(start + 4, true), replies.subarray(start + REPLY_FIXED, end));
  }
}

/** All replies; bodies are views of them. Throws `MalformedBatch`. */
export function readReplies(replies: Uint8Array): PackedReply[] {
  const read: PackedReply[] = [];
  eachReply(replies, (id, status, body) => read.push({ id, status, body }));
  return read;
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
