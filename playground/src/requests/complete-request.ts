/** What the editor of requests offers: members and enumerations of the service model, and the database's own names. */
import type { CompletionResult } from "@codemirror/autocomplete";
import { readTargets, type TableDescription } from "../tables/description.ts";
import { jsonPlace } from "./json-place.ts";
import { shapeAt } from "./request-model.ts";

/** What is known of the database. */
export interface KnownNames {
  tables: readonly TableDescription[];
  /** Names of attributes seen in a table's items. */
  attributes(table: string): readonly string[];
}

interface Option {
  label: string;
  type: string;
  detail?: string;
}

/** What is inserted for a member's value, so that the writer goes on inside of it. */
function opening(type: string | undefined): string {
  if (type === "structure" || type === "map") return ": {}";
  if (type === "list") return ": []";
  return type === "string" || type === "blob" ? ': ""' : ": ";
}

const ATTRIBUTE_MAPS = new Set([
  "Item",
  "Key",
  "ExclusiveStartKey",
  "Expected",
  "AttributeUpdates",
  "KeyConditions",
  "QueryFilter",
  "ScanFilter",
]);

function tableOf(text: string): string | undefined {
  return /"TableName"\s*:\s*"([^"]+)"/.exec(text)?.[1];
}

function names(
  operation: string,
  path: readonly (string | number)[],
  table: string | undefined,
  known: KnownNames,
): (Option & { value?: string })[] {
  const shape = shapeAt(operation, path);
  if (shape?.type === "structure") {
    return Object.keys(shape.members ?? {}).map((label) => {
      const type = shapeAt(operation, [...path, label])?.type;
      return {
        label,
        type: "property",
        detail: `${type ?? ""}${shape.required?.includes(label) ? ", required" : ""}`,
        value: opening(type),
      };
    });
  }
  const holder = path.at(-1);
  if (holder === "RequestItems") return known.tables.map(({ TableName }) => ({ label: TableName, type: "class", value: ": " }));
  if (typeof holder === "string" && ATTRIBUTE_MAPS.has(holder) && table !== undefined) {
    return known.attributes(table).map((label) => ({ label, type: "variable", value: ": {}" }));
  }
  return [];
}

function values(operation: string, path: readonly (string | number)[], table: string | undefined, known: KnownNames): Option[] {
  const shape = shapeAt(operation, path);
  if (shape?.enum) return shape.enum.map((label) => ({ label, type: "enum" }));
  if (shape?.type === "boolean") return [true, false].map((value) => ({ label: String(value), type: "keyword" }));
  const member = path.at(-1);
  const description = known.tables.find(({ TableName }) => TableName === table);
  if (member === "TableName") return known.tables.map(({ TableName }) => ({ label: TableName, type: "class" }));
  if (member === "IndexName" && description) {
    return readTargets(description).flatMap(({ index, kind }) =>
      index === undefined ? [] : [{ label: index, type: "class", detail: kind }],
    );
  }
  if (member === "AttributeName" || path.at(-2) === "ExpressionAttributeNames") {
    return table === undefined ? [] : known.attributes(table).map((label) => ({ label, type: "variable" }));
  }
  return [];
}

/** Completions for a request's JSON, with the cursor at a place of it. */
export function completeRequest(operation: string, text: string, cursor: number, known: KnownNames): CompletionResult | null {
  const place = jsonPlace(text.slice(0, cursor));
  const table = tableOf(text);
  const isWord = (shape: { type?: string } | undefined) => shape?.type === "boolean";
  const literal = !place.name && isWord(shapeAt(operation, place.path));
  const options = place.name ? names(operation, place.path, table, known) : values(operation, place.path, table, known);
  if (options.length === 0) return null;
  const closed = place.quoted && text[cursor] === '"';
  return {
    from: place.quoted ? place.from + 1 : place.from,
    to: cursor,
    options: options.map((option) => {
      const word = literal ? option.label : place.quoted ? JSON.stringify(option.label).slice(1, -1) : JSON.stringify(option.label);
      const end = literal || !place.quoted ? "" : closed ? "" : '"';
      const rest = place.name && !closed ? ((option as { value?: string }).value ?? "") : "";
      const { label, type, detail } = option;
      return { label, type, apply: word + end + rest, ...(detail === undefined ? {} : { detail }) };
    }),
    validFor: /^[\w.-]*$/,
  };
}
