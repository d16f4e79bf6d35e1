/** What kind of thing an item is, in a table that holds several: told by an attribute, or by what its sort key begins with. */
import { attribute, type Item } from "../values/attribute-value.ts";

/** Attributes that libraries and people write the type into. */
const USUAL = ["Type", "type", "EntityType", "entityType", "entity", "Entity", "_type", "_et", "__edb_e__", "kind", "Kind"];

/** Where the type is read: an attribute's name, or undefined for the beginning of the sort key. */
export type TypeSource = string | undefined;

/** Where the type stands in these items. */
export function typeSource(items: readonly Item[]): TypeSource {
  const some = items.slice(0, 200);
  return USUAL.find((name) => some.length > 0 && some.filter((item) => "S" in (attribute(item, name) ?? {})).length >= some.length * 0.6);
}

/** The attributes that could tell the type: texts with few values. */
export function possibleSources(items: readonly Item[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const item of items.slice(0, 400)) {
    for (const [name, value] of Object.entries(item)) if ("S" in value) values.set(name, (values.get(name) ?? new Set()).add(value.S));
  }
  return [...values].filter(([, found]) => found.size <= 20).map(([name]) => name);
}

/** An item's type. */
export function entityType(item: Item, source: TypeSource, sortKey: string | undefined): string {
  const value = attribute(item, source ?? sortKey ?? "");
  if (value === undefined || !("S" in value)) return "item";
  if (source !== undefined) return value.S;
  return /^[^#:|/]+/.exec(value.S)?.[0] ?? "item";
}
