/**
 * Items as files and files as items: DynamoDB-JSON lines (as DynamoDB's export to S3 writes them), JSON, CSV; each may be gzipped. Files are read
 * here where they are small, so that all their items are put or none, and for endpoints, which take no files; `stream-import.ts` has the
 * database read the others.
 */
import { gunzipSync, gzipSync, strFromU8, strToU8 } from "fflate";
import { parse, unparse } from "papaparse";
import type { KeyAttribute } from "../tables/description.ts";
import { type AttributeValue, attribute, type Item, typed } from "../values/attribute-value.ts";
import { itemProblems } from "../values/check-item.ts";
import { parsePlainItem, parsePlainValue, plainItemText, plainText } from "../values/plain-json.ts";
import { LOOKS_LIKE_BOOLEAN, LOOKS_LIKE_NUMBER } from "./cell-types.ts";
import { EXPORT_FORMATS, type ExportFormat } from "./export-formats.ts";

/** The file holds no items. */
export class ItemFileError extends Error {}

const linesText = (items: readonly Item[]) => items.map((Item) => `${JSON.stringify({ Item })}\n`).join("");

function csvCell(value: AttributeValue | undefined): string {
  if (value === undefined) return "";
  const found = typed(value);
  if (found.type === "S" || found.type === "N" || found.type === "B") return found.value;
  return plainText(value).replace(/\s*\n\s*/g, " ");
}

function csvText(items: readonly Item[], keyNames: readonly string[]): string {
  const names = [...new Set([...keyNames, ...items.flatMap((item) => Object.keys(item))])];
  // A cell that begins like a formula is one to spreadsheets: those are told that it is a text.
  return unparse(
    { fields: names, data: items.map((item) => names.map((name) => csvCell(attribute(item, name)))) },
    { escapeFormulae: /^[=@\t\r]/ },
  );
}

/** Items as a file. */
export function itemsFile(format: ExportFormat, items: readonly Item[], keyNames: readonly string[]): Blob {
  const { type } = EXPORT_FORMATS[format];
  if (format === "gzip") return new Blob([gzipSync(strToU8(linesText(items))) as BlobPart], { type });
  if (format === "lines") return new Blob([linesText(items)], { type });
  if (format === "csv") return new Blob([csvText(items, keyNames)], { type });
  return new Blob([`[\n${items.map((item) => plainItemText(item)).join(",\n")}\n]\n`], { type });
}

/** A cell of a CSV file: of the key's type in a key's column, otherwise what it looks like. */
function csvValue(text: string, type: string | undefined): AttributeValue {
  if (type !== undefined) return type === "N" ? { N: text.trim() } : type === "B" ? { B: text.trim() } : { S: text };
  if (LOOKS_LIKE_NUMBER.test(text)) return { N: text };
  if (LOOKS_LIKE_BOOLEAN.test(text)) return { BOOL: text === "true" };
  if (/^[[{].*[\]}]$/s.test(text)) {
    try {
      return parsePlainValue(text);
    } catch {
      return { S: text };
    }
  }
  return { S: text };
}

function fromCsv(text: string, keys: readonly KeyAttribute[]): Item[] {
  const { data, errors } = parse<string[]>(text, { skipEmptyLines: true });
  const [problem] = errors.filter(({ type }) => type === "Quotes");
  if (problem) throw new ItemFileError(`Line ${(problem.row ?? 0) + 1}: ${problem.message}`);
  const [names = [], ...rows] = data;
  const typeOf = (name: string) => keys.find((key) => key.name === name)?.type;
  return rows.map((row) =>
    Object.fromEntries(row.flatMap((cell, at) => (cell === "" || !names[at] ? [] : [[names[at], csvValue(cell, typeOf(names[at]))]]))),
  );
}

/** An item of a JSON file: DynamoDB-JSON, with or without the `Item` around it, or plain. */
function fromJson(value: unknown, source: () => string): Item {
  const inner =
    typeof value === "object" && value !== null && Object.keys(value).join() === "Item" ? (value as { Item: unknown }).Item : value;
  if (itemProblems(inner).length === 0) return inner as Item;
  return parsePlainItem(source());
}

function fromLines(text: string): Item[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line, at) => {
      try {
        return fromJson(JSON.parse(line), () => line);
      } catch (error) {
        throw new ItemFileError(`Line ${at + 1}: ${(error as Error).message}`);
      }
    });
}

function fromWhole(text: string): Item[] {
  const whole: unknown = JSON.parse(text);
  const list = Array.isArray(whole) ? whole : (whole as { Items?: unknown }).Items;
  if (!Array.isArray(list)) return [fromJson(whole, () => text)];
  if (list.every((each) => itemProblems(each).length === 0)) return list as Item[];
  // Read again as one value, so that numbers keep their digits.
  const exact = parsePlainValue(Array.isArray(whole) ? text : JSON.stringify(list));
  const values = "L" in exact ? exact.L : [];
  return values.map((value, at) => {
    if ("M" in value) return value.M;
    throw new ItemFileError(`Item ${at + 1} is no object`);
  });
}

/** The items of a file. Throws `ItemFileError` or SyntaxError with what is wrong. */
export function fileItems(name: string, bytes: Uint8Array, keys: readonly KeyAttribute[]): Item[] {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return fileItems(name.replace(/\.gz$/i, ""), gunzipSync(bytes), keys);
  const text = strFromU8(bytes).replace(/^\uFEFF/, "");
  if (/\.csv$/i.test(name)) return fromCsv(text, keys);
  const many = /^\s*\{.*\}\s*\n\s*\{/.test(text) || /\.(jsonl|ndjson)$/i.test(name);
  return many ? fromLines(text) : fromWhole(text);
}

/** The items as a request may hold them: of several with one key the last. */
export function lastOfEachKey(items: readonly Item[], keys: readonly KeyAttribute[]): Item[] {
  const found = new Map<string, Item>();
  for (const item of items) found.set(JSON.stringify(keys.map(({ name }) => attribute(item, name))), item);
  return [...found.values()];
}

/** The first thing wrong with an item, and which it is; undefined if all can be put. */
export function firstProblem(items: readonly Item[], keys: readonly KeyAttribute[]): string | undefined {
  for (const [at, item] of items.entries()) {
    const [problem] = itemProblems(item, keys);
    if (problem !== undefined) return `Item ${at + 1}: ${problem}`;
  }
  return undefined;
}
