/** An item while it is edited: one item, three ways to write it, problems found as it is written. */
import type { KeyAttribute } from "../tables/description.ts";
import type { Item } from "../values/attribute-value.ts";
import { itemProblems } from "../values/check-item.ts";
import { parsePlainItem, plainItemText, wireItemText } from "../values/plain-json.ts";

export type EditMode = "form" | "plain" | "dynamodb";

/** What the editor holds. In the modes with a text, the text counts; `item` is what it last stood for. */
export interface ItemDraft {
  mode: EditMode;
  item: Item;
  text: string;
  problems: string[];
}

function textOf(mode: EditMode, item: Item): string {
  if (mode === "form") return "";
  return mode === "plain" ? plainItemText(item) : wireItemText(item);
}

/** The item with its key in front. */
function keyFirst(item: Item, keys: readonly KeyAttribute[]): Item {
  const isKey = (name: string) => keys.some((key) => key.name === name);
  const members = Object.entries(item);
  const front = keys.flatMap(({ name }) => members.filter(([each]) => each === name));
  return Object.fromEntries([...front, ...members.filter(([name]) => !isKey(name))]);
}

/** A draft of an item. */
export function startDraft(given: Item, keys: readonly KeyAttribute[], mode: EditMode): ItemDraft {
  const item = keyFirst(given, keys);
  return { mode, item, text: textOf(mode, item), problems: itemProblems(item, keys) };
}

/** The draft with another item, from the form. */
export function withItem(draft: ItemDraft, item: Item, keys: readonly KeyAttribute[]): ItemDraft {
  return { ...draft, item, problems: itemProblems(item, keys) };
}

/** The draft with another text. */
export function withText(draft: ItemDraft, text: string, keys: readonly KeyAttribute[]): ItemDraft {
  try {
    const item = draft.mode === "plain" ? parsePlainItem(text, draft.item) : (JSON.parse(text) as Item);
    const problems = itemProblems(item, keys);
    // An item that is none cannot be shown in the other ways, so the last good one is kept for them.
    const shown = itemProblems(item).length === 0 ? item : draft.item;
    return { ...draft, text, item: shown, problems };
  } catch (error) {
    return { ...draft, text, problems: [(error as Error).message] };
  }
}

/** The draft written another way. */
export function withMode(draft: ItemDraft, mode: EditMode): ItemDraft {
  return { ...draft, mode, text: textOf(mode, draft.item) };
}
