/** What `db.load()` takes. */

/** A database file: the `Blob` of `db.dump()`, a `File` somebody chose, its bytes, a stream of them, or the answer of a `fetch`. */
export type Dump = Blob | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array> | Response;

/** Any of them as a blob. A stream is read to its end. */
export function asBlob(dump: Dump): Blob | Promise<Blob> {
  if (dump instanceof Blob) return dump;
  if (dump instanceof Response) return dump.blob();
  return new Response(dump as BodyInit).blob();
}
