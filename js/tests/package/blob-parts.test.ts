/** A database file on its way out: in parts of a few megabytes, none of them there twice. */
import { expect, test } from "vitest";
import { MemoryFile } from "../../src/drivers/vfs/memory-file.ts";
import { blobOf, copyFile, spentAsBlob } from "../../src/dump/blob-parts.ts";

const PART = 4 << 20;
const MADE_FOR_A_LOG = 2;

/** A file whose bytes tell where they are, with a header that speaks of a log. */
function fileOf(size: number): MemoryFile {
  const file = new MemoryFile();
  const bytes = new Uint8Array(size).map((_, at) => at % 251);
  bytes.fill(MADE_FOR_A_LOG, 18, 20);
  file.write(bytes, 0);
  return file;
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

test.each([100, PART, PART + 1, 3 * PART - 8192])("a file of %i bytes is the same by every way out, without its log", async (size) => {
  const expected = await bytesOf(blobOf(fileOf(size), size));
  expect([expected.length, expected[18], expected[19], expected[20]]).toEqual([size, 1, 1, 20]);
  const written: number[] = [];
  const copy = new MemoryFile();
  const into = {
    write(from: Uint8Array, at: number): void {
      written.push(from.length);
      copy.write(from, at);
    },
  };
  copyFile(fileOf(size), size, into);
  expect(Math.max(...written)).toBeLessThanOrEqual(PART);
  expect(Buffer.compare(await bytesOf(blobOf(copy, size)), expected)).toBe(0);
  expect(Buffer.compare(await bytesOf(spentAsBlob(fileOf(size), size)), expected)).toBe(0);
});

test("a copy in memory is given up part by part while its blob is made", () => {
  const file = fileOf(2 * PART + 10);
  const sizes: number[] = [];
  spentAsBlob(
    {
      read(into: Uint8Array, at: number): number {
        sizes.push(file.size());
        return file.read(into, at);
      },
      truncate: (size: number) => file.truncate(size),
    },
    file.size(),
  );
  expect([...sizes, file.size()]).toEqual([2 * PART + 10, 2 * PART, PART, 0]);
});
