/** Values as one short line of text, for the cells of a grid. Everything here ends in a text node. */
import { type AttributeValue, typed } from "./attribute-value.ts";

/** No cell shows more; the editor shows everything. */
const LONGEST = 160;

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function some(values: string[], open: string, close: string): string {
  let text = open;
  for (const [at, value] of values.entries()) {
    if (text.length > LONGEST) break;
    text += at === 0 ? value : `, ${value}`;
  }
  return text + close;
}

/** One line for a value. */
export function cellText(value: AttributeValue): string {
  const found = typed(value);
  switch (found.type) {
    case "S":
      return cut(found.value);
    case "N":
      return found.value;
    case "BOOL":
      return String(found.value);
    case "NULL":
      return "null";
    case "B":
      return cut(found.value);
    case "M":
      return cut(
        some(
          Object.entries(found.value)
            .slice(0, 12)
            .map(([name, each]) => `${name}: ${cellText(each)}`),
          "{ ",
          " }",
        ),
      );
    case "L":
      return cut(some(found.value.slice(0, 20).map(cellText), "[ ", " ]"));
    default:
      return cut(some(found.value.slice(0, 20), "{ ", " }"));
  }
}
