/** What names a source that names itself: files by name, size and date, a response by its address and version. */
import type { ImportSource } from "./pieces.ts";

/** A token for the source, or undefined where nothing tells it from another one. */
export function sourceToken(source: ImportSource): string | undefined {
  if (typeof Response !== "undefined" && source instanceof Response) {
    const version = source.headers.get("etag") ?? source.headers.get("last-modified");
    return source.url && version ? `${source.url} ${version}` : undefined;
  }
  const files = Array.isArray(source) ? (source as unknown[]) : [source];
  // Node has had the class as a global since version 20 only.
  const File = globalThis.File;
  if (files.length === 0 || File === undefined || !files.every((file) => file instanceof File)) return undefined;
  const sum = (of: (file: File) => number) => (files as File[]).reduce((all, file) => all + of(file), 0);
  const [first, last] = [files[0] as File, files.at(-1) as File];
  return JSON.stringify([files.length, sum(({ size }) => size), sum(({ lastModified }) => lastModified), first.name, last.name]);
}
