/** A large file into a table, read as it is stored: nothing of it is held whole, and the page tells how far it is. */
import type { Dynatab, ImportFormat, ImportProgress, ImportResult } from "dynatab";
import { parse } from "papaparse";
import type { App } from "../app/app.ts";
import { primaryKey, type TableDescription } from "../tables/description.ts";
import { LOOKS_LIKE_BOOLEAN, LOOKS_LIKE_NUMBER } from "./cell-types.ts";

/** Files up to this size are read whole and checked before anything is written. */
export const STREAMED_FROM_BYTES = 1 << 20;

/** What the beginning of a file tells. */
interface FileKind {
  format: ImportFormat;
  types: Record<string, "N" | "BOOL">;
}

const TYPED_VALUE = /^\s*\[?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"(?:S|N|B|BOOL|NULL|M|L|SS|NS|BS)"\s*:/;
const EXPORTED_ITEM = /^\s*\[?\s*\{\s*"Item"\s*:\s*\{/;

/** The first characters of a file, unpacked. */
async function beginning(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const stream = packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.slice(0, 1 << 16).stream();
  const reader = stream.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value).replace(/^\uFEFF/, "");
}

/** Types of a CSV's columns that all cells of the first rows agree on; the keys' are the table's affair. */
function columnTypes(text: string, keyNames: readonly string[]): FileKind["types"] {
  const [names = [], ...rows] = parse<string[]>(text, { skipEmptyLines: true }).data.slice(0, -1);
  const types: FileKind["types"] = {};
  for (const [at, name] of names.entries()) {
    const cells = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "");
    if (cells.length === 0 || keyNames.includes(name)) continue;
    if (cells.every((cell) => LOOKS_LIKE_NUMBER.test(cell))) types[name] = "N";
    else if (cells.every((cell) => LOOKS_LIKE_BOOLEAN.test(cell))) types[name] = "BOOL";
  }
  return types;
}

async function kindOf(file: File, table: TableDescription): Promise<FileKind> {
  const text = await beginning(file);
  const keyNames = primaryKey(table).map(({ name }) => name);
  if (/\.csv(\.gz)?$/i.test(file.name)) return { format: "csv", types: columnTypes(text, keyNames) };
  return { format: TYPED_VALUE.test(text) || EXPORTED_ITEM.test(text) ? "dynamodb-json" : "json", types: {} };
}

/** How far it is: a sentence and a share. */
function told({ phase, items, rejected, bytes, totalBytes, indexed }: ImportProgress): { text: string; share: number | undefined } {
  if (phase === "indexing") return { text: `${items.toLocaleString("en")} items; filling the indexes`, share: indexed };
  const refused = rejected === 0 ? "" : `, ${rejected.toLocaleString("en")} refused`;
  return { text: `${items.toLocaleString("en")} items${refused}`, share: totalBytes ? bytes / totalBytes : undefined };
}

/** Imports it. A file that was interrupted goes on where it was. */
export async function streamImport(app: App, dynatab: Dynatab, table: TableDescription, file: File): Promise<ImportResult> {
  const { format, types } = await kindOf(file, table);
  const notice = app.track(`Importing ${file.name}`);
  try {
    return await dynatab.importItems(table.TableName, file, {
      format,
      types,
      onProgress: (progress) => {
        const { text, share } = told(progress);
        notice.tell(text, share);
      },
    });
  } finally {
    notice.end();
  }
}
