/** DynamoDB JSON as people write it, turned into what the SDK takes: the same, except that binary is bytes and not base64. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** Bytes of a base64 text. Throws where it is none. */
export function base64Bytes(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new TypeError(`Binary values are written as base64, and ${JSON.stringify(text)} is not.`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses JSON and makes sure that it is an object, as an item is. */
export function parseObject(text: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed)) throw new TypeError("An item is a JSON object: { … }.");
  return parsed;
}

function withBytes(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { B, BS, L, M } = value;
  if (typeof B === "string") return { ...value, B: base64Bytes(B) };
  if (Array.isArray(BS)) return { ...value, BS: BS.map((each) => (typeof each === "string" ? base64Bytes(each) : each)) };
  if (Array.isArray(L)) return { ...value, L: L.map(withBytes) };
  if (isObject(M)) return { ...value, M: membersWithBytes(M) };
  return value;
}

function membersWithBytes(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, withBytes(value)]));
}

/** An item written as `{"Artist": {"S": "…"}}`. Whether its types make sense is for DynamoDB to say. */
export function parseItem(text: string): Record<string, AttributeValue> {
  const item = parseObject(text);
  const untyped = Object.entries(item).find(([, value]) => !isObject(value));
  if (untyped) {
    throw new TypeError(
      `The attribute ${JSON.stringify(untyped[0])} has no type. DynamoDB JSON says it, as in {"S": "text"}; for JSON without types choose the plain format.`,
    );
  }
  return membersWithBytes(item) as Record<string, AttributeValue>;
}
