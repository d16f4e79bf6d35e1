/**
 * What an import can be made of, as one stream of bytes: files, streams, responses, iterables of any of them or of items. A source is one or
 * several texts; gzip is undone, and nothing is read before somebody asks for it.
 */
import { InvalidOptionError } from "../errors.ts";
import { toWireJson } from "../wire-values.ts";

/** What an iterable source may give: pieces of one text, whole files, or items. */
export type ImportElement = string | Uint8Array | Blob | Response | object;

/**
 * What `importItems` reads: a text, a file, a stream, a response, or an iterable. Strings and bytes of an iterable are pieces of one text;
 * blobs and responses are a text each; any other object is an item.
 */
export type ImportSource =
  | string
  | Uint8Array
  | Blob
  | Response
  | ReadableStream<Uint8Array | string>
  | Iterable<ImportElement>
  | AsyncIterable<ImportElement>;

/** A piece of a text, or the text's end. */
export type Piece = Uint8Array<ArrayBuffer> | "end";

/** How much was read of a source, and what of it is known before. */
export interface Measure {
  /** Bytes read, before gzip is undone; of items, of their JSON. */
  bytes: number;
  /** All there are, where that is known. */
  readonly total: number | undefined;
}

const encoder = new TextEncoder();
/** Items are gathered to pieces of about this size. */
const PIECE_BYTES = 64 << 10;
/** What is read of a file at once. */
const SLICE_BYTES = 1 << 20;

const isIterable = (source: object): source is Iterable<ImportElement> | AsyncIterable<ImportElement> =>
  Symbol.asyncIterator in source || Symbol.iterator in source;

/** The sum of the sizes of a source that is blobs only. */
export function measure(source: ImportSource): Measure {
  const blobs = source instanceof Blob ? [source] : Array.isArray(source) ? (source as unknown[]) : [];
  const known = blobs.length > 0 && blobs.every((blob) => blob instanceof Blob);
  const total = known ? (blobs as Blob[]).reduce((sum, { size }) => sum + size, 0) : undefined;
  return { bytes: 0, total: typeof source === "string" || source instanceof Uint8Array ? undefined : total };
}

/** The pieces of a source's texts, in order. `plain` says that items are plain values and not in DynamoDB's JSON. */
export async function* piecesOf(source: ImportSource, plain: boolean, read: Measure): AsyncGenerator<Piece> {
  if (typeof source === "string" || source instanceof Uint8Array) yield* textOf([source], read);
  else if (source instanceof Blob || source instanceof Response) yield* textOf(streamOf(source), read);
  else if (source instanceof ReadableStream) yield* textOf(chunksOf(source), read);
  else if (typeof source === "object" && source !== null && isIterable(source)) yield* elements(source, plain, read);
  else throw new InvalidOptionError("importItems cannot read this source: give it a file, a stream, a response, a text, or an iterable.");
}

/** An iterable's elements: neighbours that are pieces of one text are one. */
async function* elements(
  source: Iterable<ImportElement> | AsyncIterable<ImportElement>,
  plain: boolean,
  read: Measure,
): AsyncGenerator<Piece> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let next = await iterator.next();
  /** The elements from here on that a test holds for. */
  async function* run<T extends ImportElement>(holds: (element: ImportElement) => element is T): AsyncGenerator<T> {
    while (!next.done && holds(next.value)) {
      yield next.value;
      next = await iterator.next();
    }
  }
  try {
    while (!next.done) {
      const element = next.value;
      if (element instanceof Blob || element instanceof Response) {
        yield* textOf(streamOf(element), read);
        next = await iterator.next();
      } else if (isPiece(element)) yield* textOf(run(isPiece), read);
      else yield* items(run(isItem), plain, read);
    }
  } finally {
    if (!next.done) await iterator.return?.();
  }
}

const isPiece = (element: ImportElement): element is string | Uint8Array => typeof element === "string" || element instanceof Uint8Array;
const isItem = (element: ImportElement): element is object =>
  !isPiece(element) && !(element instanceof Blob) && !(element instanceof Response);

function streamOf(file: Blob | Response): AsyncIterable<Uint8Array> {
  if (file instanceof Blob) return slicesOf(file);
  if (!file.ok) throw new InvalidOptionError(`The response to import is an error: status ${file.status}.`);
  return file.body ? chunksOf(file.body) : slicesOf(new Blob());
}

/** A file in pieces of our size: its stream gives small ones, each a way to another process. */
async function* slicesOf(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += SLICE_BYTES) yield new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer());
}

/** A stream as an iterable, which it is not everywhere. */
async function* chunksOf<T extends Uint8Array | string>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel();
  }
}

/** One text: its pieces, unpacked if it is gzip, and its end. */
async function* textOf(chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>, read: Measure): AsyncGenerator<Piece> {
  const bytes = counted(chunks, read);
  const first = await bytes.next();
  if (!first.done) {
    let head = first.value;
    // Two bytes tell what it is.
    const second = head.length === 1 ? await bytes.next() : undefined;
    if (second && !second.done) head = joined(head, second.value);
    const all = preceded(head, bytes);
    if (head[0] === 0x1f && head[1] === 0x8b) yield* unpacked(all);
    else yield* all;
  }
  yield "end";
}

async function* counted(chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>, read: Measure) {
  for await (const chunk of chunks) {
    const bytes = (typeof chunk === "string" ? encoder.encode(chunk) : chunk) as Uint8Array<ArrayBuffer>;
    read.bytes += bytes.length;
    if (bytes.length > 0) yield bytes;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

async function* preceded<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function unpacked(packed: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  if (typeof DecompressionStream === "undefined") {
    throw new InvalidOptionError("This browser cannot unpack gzip (it has no DecompressionStream): import the unpacked file.");
  }
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await packed.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await packed.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return chunksOf(stream.pipeThrough(new DecompressionStream("gzip")) as ReadableStream<Uint8Array<ArrayBuffer>>);
}

/** Items as lines of JSON. */
async function* items(source: AsyncIterable<object>, plain: boolean, read: Measure): AsyncGenerator<Piece> {
  let lines = "";
  const piece = () => {
    const bytes = encoder.encode(lines);
    lines = "";
    read.bytes += bytes.length;
    return bytes;
  };
  for await (const item of source) {
    lines += `${plain ? plainJson(item) : toWireJson(item)}\n`;
    if (lines.length >= PIECE_BYTES) yield piece();
  }
  yield piece();
  yield "end";
}

/** Plain values as JSON: a `bigint` is a number with all its digits. */
function plainJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map((element) => plainJson(element ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null && !("toJSON" in value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${plainJson(member)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
