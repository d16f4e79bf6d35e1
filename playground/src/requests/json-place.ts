/** Where a place in unfinished JSON is: the path to it, and whether a name or a value stands there. */

export interface JsonPlace {
  path: (string | number)[];
  /** A member's name is being written, or could be. */
  name: boolean;
  /** Where the word that is being written begins, its quotation mark included. */
  from: number;
  /** Whether that word is inside quotation marks. */
  quoted: boolean;
}

interface Level {
  kind: "object" | "list";
  /** The member that is being written, or the place in the list. */
  at: string | number;
  /** In an object: whether its next word is a name. */
  expectsName: boolean;
}

/** Reads the text up to its end, where the cursor is. */
export function jsonPlace(text: string): JsonPlace {
  const levels: Level[] = [];
  let word = text.length;
  let at = 0;
  let quoted = false;
  while (at < text.length) {
    const character = text[at]!;
    const level = levels.at(-1);
    if (character === '"') {
      const end = closingQuote(text, at);
      if (end === undefined) {
        word = at;
        quoted = true;
        break;
      }
      if (level?.kind === "object" && level.expectsName) level.at = unquoted(text.slice(at, end + 1));
      at = end + 1;
      continue;
    }
    if (character === "{") levels.push({ kind: "object", at: "", expectsName: true });
    else if (character === "[") levels.push({ kind: "list", at: 0, expectsName: false });
    else if (character === "}" || character === "]") levels.pop();
    else if (character === ":" && level) level.expectsName = false;
    else if (character === "," && level?.kind === "list") level.at = (level.at as number) + 1;
    else if (character === "," && level) level.expectsName = true;
    at += 1;
  }
  if (!quoted) word = text.length - (/[\w.-]*$/.exec(text)?.[0].length ?? 0);
  const inner = levels.at(-1);
  const name = inner?.kind === "object" && inner.expectsName;
  const path = levels.slice(0, name ? -1 : undefined).map((level) => level.at);
  return { path, name: name === true, from: word, quoted };
}

function closingQuote(text: string, open: number): number | undefined {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
    else if (text[at] === "\n") return undefined;
  }
  return undefined;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
