/** An item's size as DynamoDB counts it: names and texts in UTF-8 bytes, about half a byte for a digit, three for a list or a map. */
import { type AttributeValue, type Item, typed } from "./attribute-value.ts";

/** How large an item may be. */
export const ITEM_BYTES = 400 * 1024;

const encoder = new TextEncoder();
const utf8 = (text: string) => encoder.encode(text).length;
const binary = (base64: string) => Math.floor((base64.length * 3) / 4) - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);

function numberSize(text: string): number {
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/[^0-9]/g, "")
    .replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

function valueSize(value: AttributeValue): number {
  const found = typed(value);
  const sum = (sizes: number[]) => sizes.reduce((all, size) => all + size, 0);
  switch (found.type) {
    case "S":
      return utf8(found.value);
    case "N":
      return numberSize(found.value);
    case "B":
      return binary(found.value);
    case "BOOL":
    case "NULL":
      return 1;
    case "M":
      return 3 + sum(Object.entries(found.value).map(([name, each]) => 1 + utf8(name) + valueSize(each)));
    case "L":
      return 3 + sum(found.value.map((each) => 1 + valueSize(each)));
    case "SS":
      return sum(found.value.map(utf8));
    case "NS":
      return sum(found.value.map(numberSize));
    case "BS":
      return sum(found.value.map(binary));
  }
}

/** The size of an item in bytes. */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueSize(value), 0);
}

/** A count of bytes in words. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  while (value >= 1000 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[0]}`;
}
