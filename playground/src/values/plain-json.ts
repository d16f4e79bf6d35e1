/**
 * Items as plain JSON, exactly: numbers keep all their digits both ways. What JSON has no type for (sets, binary) is written as a list or a
 * Base64 text, and becomes what it was again when the item that was there before is given.
 */
import { type AttributeValue, attribute, type Item, typed } from "./attribute-value.ts";

/** A number's source text, kept through JSON.parse. */
class NumberText {
  constructor(readonly text: string) {}
}

/** Browsers without source texts give only the double, which says so when it cannot be exact. */
function readNumber(value: number, source: string | undefined): NumberText {
  if (source === undefined && !Number.isSafeInteger(value) && String(value).length > 15) {
    throw new SyntaxError(`This browser cannot read ${value} exactly: edit the item as DynamoDB-JSON.`);
  }
  return new NumberText(source ?? String(value));
}

/** Parses JSON, keeping numbers as texts. */
function parseExact(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? readNumber(value, context?.source) : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

const isTexts = (value: unknown[]): value is string[] => value.every((each) => typeof each === "string");

function setLike(value: unknown[], previous: AttributeValue | undefined): AttributeValue | undefined {
  if (previous === undefined || value.length === 0) return undefined;
  if ("NS" in previous && value.every((each) => each instanceof NumberText)) return { NS: value.map(({ text }) => text) };
  if ("SS" in previous && isTexts(value)) return { SS: value };
  return "BS" in previous && isTexts(value) ? { BS: value } : undefined;
}

function toValue(value: unknown, previous: AttributeValue | undefined): AttributeValue {
  if (value === null) return { NULL: true };
  if (value instanceof NumberText) return { N: value.text };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "string") return previous !== undefined && "B" in previous ? { B: value } : { S: value };
  if (Array.isArray(value)) {
    const before = previous !== undefined && "L" in previous ? previous.L : [];
    return setLike(value, previous) ?? { L: value.map((each, at) => toValue(each, before[at])) };
  }
  return { M: toItem(value as object, previous !== undefined && "M" in previous ? previous.M : {}) };
}

function toItem(value: object, previous: Item): Item {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toValue(each, attribute(previous, name))]));
}

/** Reads plain JSON. Throws SyntaxError when it is none, or no object. */
export function parsePlainItem(text: string, previous: Item = {}): Item {
  const value = parseExact(text);
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof NumberText) {
    throw new SyntaxError("An item is a JSON object.");
  }
  return toItem(value, previous);
}

/** Reads one plain JSON value. */
export function parsePlainValue(text: string): AttributeValue {
  return toValue(parseExact(text), undefined);
}

function lines(open: string, close: string, members: string[], indent: string): string {
  return members.length === 0 ? open + close : `${open}\n${members.map((each) => `${indent}  ${each}`).join(",\n")}\n${indent}${close}`;
}

function list(members: string[], indent: string): string {
  const short = `[${members.join(", ")}]`;
  return short.length < 80 && !short.includes("\n") ? short : lines("[", "]", members, indent);
}

/** A value as plain JSON. */
export function plainText(value: AttributeValue, indent = ""): string {
  const found = typed(value);
  const inner = `${indent}  `;
  switch (found.type) {
    case "N":
      return plainNumber(found.value);
    case "NULL":
      return "null";
    case "M":
      return plainItemText(found.value, indent);
    case "L":
      return list(
        found.value.map((each) => plainText(each, inner)),
        indent,
      );
    case "NS":
      return list(found.value.map(plainNumber), indent);
    case "SS":
    case "BS":
      return list(
        found.value.map((each) => JSON.stringify(each)),
        indent,
      );
    default:
      return JSON.stringify(found.value);
  }
}

/** JSON knows no "+1", ".5", "5." or "007". */
function plainNumber(text: string): string {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : String(Number(text));
}

/** An item as plain JSON. */
export function plainItemText(item: Item, indent = ""): string {
  const members = Object.entries(item).map(([name, value]) => `${JSON.stringify(name)}: ${plainText(value, `${indent}  `)}`);
  return lines("{", "}", members, indent);
}

/** An item as DynamoDB-JSON: what is short stands in one line. */
export function wireItemText(item: Item): string {
  return jsonText(item, "");
}

/** JSON with the members of short objects in one line. */
export function jsonText(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const short = JSON.stringify(value);
  if (short.length < 60 && indent !== "") return spaced(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return lines(
      "[",
      "]",
      value.map((each) => jsonText(each, inner)),
      indent,
    );
  }
  return lines(
    "{",
    "}",
    Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${jsonText(each, inner)}`),
    indent,
  );
}

/** JSON in one line, with spaces where people put them. */
function spaced(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
