/**
 * DynamoDB's values as they stand in DynamoDB-JSON: one member, named by the type. Items are read member by member and built with
 * `Object.fromEntries`, so that an attribute may have any name, `__proto__` included.
 */

/** The types, in the order they are offered. */
export const ATTRIBUTE_TYPES = ["S", "N", "BOOL", "NULL", "M", "L", "SS", "NS", "B", "BS"] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** The types' names in words. */
export const TYPE_NAMES: Record<AttributeType, string> = {
  S: "String",
  N: "Number",
  B: "Binary",
  BOOL: "Boolean",
  NULL: "Null",
  M: "Map",
  L: "List",
  SS: "String set",
  NS: "Number set",
  BS: "Binary set",
};

/** A value; binary is Base64. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { M: Item }
  | { L: AttributeValue[] }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] };

/** An item, or a map. */
export type Item = { [name: string]: AttributeValue };

/** A value's type and what it holds, so that one `switch` can tell them apart. */
export type TypedValue =
  | { type: "S" | "N" | "B"; value: string }
  | { type: "BOOL"; value: boolean }
  | { type: "NULL"; value: true }
  | { type: "M"; value: Item }
  | { type: "L"; value: AttributeValue[] }
  | { type: "SS" | "NS" | "BS"; value: string[] };

/** Takes a value apart. The database's own answers are well formed; what a user writes goes through `check-item.ts` first. */
export function typed(value: AttributeValue): TypedValue {
  const [type, inner] = Object.entries(value)[0]!;
  return { type, value: inner } as TypedValue;
}

/** The type of a value. */
export function typeOf(value: AttributeValue): AttributeType {
  return Object.keys(value)[0] as AttributeType;
}

/** Puts a value together. */
export function attributeValue(type: AttributeType, value: unknown): AttributeValue {
  return { [type]: value } as AttributeValue;
}

/** An attribute of an item, if it has one: inherited members are none. */
export function attribute(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** An empty value of a type, for a form to begin with. */
export function emptyValue(type: AttributeType): AttributeValue {
  switch (type) {
    case "S":
    case "B":
      return attributeValue(type, "");
    case "N":
      return { N: "0" };
    case "BOOL":
      return { BOOL: false };
    case "NULL":
      return { NULL: true };
    case "M":
      return { M: {} };
    case "L":
      return { L: [] };
    default:
      return attributeValue(type, []);
  }
}

/** Whether two values are the same. DynamoDB's sets have no order, and its answers write one number one way. */
export function sameValue(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const left = typed(a);
  const right = typed(b);
  if (left.type !== right.type) return false;
  switch (left.type) {
    case "M":
      return sameItem(left.value, right.value as Item);
    case "L": {
      const other = right.value as AttributeValue[];
      return left.value.length === other.length && left.value.every((each, at) => sameValue(each, other[at]));
    }
    case "SS":
    case "NS":
    case "BS":
      return [...left.value].sort().join("\0") === [...(right.value as string[])].sort().join("\0");
    default:
      return left.value === right.value;
  }
}

/** Whether two items have the same attributes with the same values. */
export function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(attribute(a, name), attribute(b, name)));
}
