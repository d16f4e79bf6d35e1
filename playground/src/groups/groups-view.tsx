/** A single table's design: items by partition key, a colour for each type of entity, seen by the table's key or by any index's. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { useVirtualRows } from "../controls/use-virtual-rows.ts";
import { ItemEditor } from "../items/item-editor.tsx";
import { itemsModel } from "../items/items-model.ts";
import { allKeyNames, type ReadTarget, readTargets, type TableDescription, targetName } from "../tables/description.ts";
import { attribute, type Item } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";
import { entityType, possibleSources, typeSource } from "./entity-type.ts";
import { facetsOf, isChosen } from "./facets.ts";

/** Items read at once; more on request. */
const READ = 5000;
const GROUP_HEIGHT = 36;
const ROW_HEIGHT = 28;
/** Entity types with a colour of their own; further ones begin again. */
const COLOURS = 8;

type Line = { kind: "group"; title: string; count: number } | { kind: "item"; item: Item; type: string };

const keyText = (item: Item, keys: readonly { name: string }[]) =>
  keys
    .map(({ name }) => attribute(item, name))
    .map((value) => (value === undefined ? "" : cellText(value)))
    .join(" / ");

/** Reads a table or an index up to so many items, and whether that is all. */
function useItems(table: TableDescription, target: ReadTarget, most: number): { items: readonly Item[]; all: boolean } {
  const app = useApp();
  const [found, setFound] = useState<{ items: readonly Item[]; all: boolean }>({ items: [], all: true });
  const writes = app.writes.value;
  useEffect(() => {
    let old = false;
    void app.attempt(async () => {
      const items: Item[] = [];
      let from: unknown;
      do {
        const page = await app.open.ask("Scan", {
          TableName: table.TableName,
          ...(target.index === undefined ? {} : { IndexName: target.index }),
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        });
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined && items.length < most);
      if (!old) setFound({ items, all: from === undefined });
    });
    return () => {
      old = true;
    };
  }, [app, table.TableName, target.index, most, writes]);
  return found;
}

function linesOf(items: readonly Item[], target: ReadTarget, typeOfItem: (item: Item) => string): Line[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const title = keyText(item, target.partition);
    const group = groups.get(title);
    if (group) group.push(item);
    else groups.set(title, [item]);
  }
  return [...groups].flatMap(([title, members]): Line[] => [
    { kind: "group", title, count: members.length },
    ...members.map((item): Line => ({ kind: "item", item, type: typeOfItem(item) })),
  ]);
}

/** The other attributes in one line. */
function summary(item: Item, hidden: readonly string[]): string {
  return Object.entries(item)
    .filter(([name]) => !hidden.includes(name))
    .slice(0, 12)
    .map(([name, value]) => `${name}: ${cellText(value)}`)
    .join("  ·  ");
}

function toggled(chosen: ReadonlyMap<string, ReadonlySet<string>>, name: string, text: string): Map<string, ReadonlySet<string>> {
  const texts = new Set(chosen.get(name));
  if (!texts.delete(text)) texts.add(text);
  return new Map(chosen).set(name, texts);
}

export function GroupsView({ table }: { table: TableDescription }) {
  const app = useApp();
  const targets = readTargets(table);
  const [index, setIndex] = useState<string>();
  const [most, setMost] = useState(READ);
  const [given, setGiven] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlyMap<string, ReadonlySet<string>>>(new Map());
  const [types, setTypes] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Item>();
  const target = targets.find((each) => each.index === index) ?? targets[0]!;
  const { items, all } = useItems(table, target, most);
  const found = useMemo(() => typeSource(items), [items]);
  const source = given === undefined ? found : given === "" ? undefined : given;
  const tableSort = targets[0]!.sort[0]?.name;
  const typeOfItem = (item: Item) => entityType(item, source, tableSort);
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const item of items) all.set(typeOfItem(item), (all.get(typeOfItem(item)) ?? 0) + 1);
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  }, [items, source]);
  const colour = (type: string) => counts.findIndex(([each]) => each === type) % COLOURS;
  const hidden = [...allKeyNames(table), ...(source === undefined ? [] : [source])];
  const facets = useMemo(() => facetsOf(items, hidden), [items, source]);
  const shown = useMemo(
    () => items.filter((item) => isChosen(item, chosen) && (types.size === 0 || types.has(typeOfItem(item)))),
    [items, chosen, types, source],
  );
  const lines = useMemo(() => linesOf(shown, target, typeOfItem), [shown, target.index, source]);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, height } = useVirtualRows({
    count: lines.length,
    scroller,
    rowHeight: (at) => (lines[at]?.kind === "group" ? GROUP_HEIGHT : ROW_HEIGHT),
  });
  const model = itemsModel(app, table);
  const open = async (item: Item) => {
    // An index may hold a part of the item only.
    const { Item: whole } = await app.open.ask("GetItem", { TableName: table.TableName, Key: model.keyOf(item) });
    if (whole) setEditing(whole);
  };
  return (
    <div class="items" data-drawer={editing ? "open" : "closed"}>
      <div class="items-main">
        <div class="group-bar">
          <label class="bar-field">
            <span>Seen by</span>
            <select
              value={index ?? ""}
              onChange={(event) => setIndex(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
            >
              {targets.map((each) => (
                <option key={targetName(each)} value={each.index ?? ""}>
                  {targetName(each)}: {[...each.partition, ...each.sort].map(({ name }) => name).join(", ")}
                </option>
              ))}
            </select>
          </label>
          <label class="bar-field">
            <span>Type from</span>
            <select value={given ?? found ?? ""} onChange={(event) => setGiven(event.currentTarget.value)}>
              <option value="">the sort key's beginning</option>
              {[...new Set([...(found === undefined ? [] : [found]), ...possibleSources(items)])].map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <div class="chips" role="group" aria-label="Entity types">
            {counts.map(([type, count]) => (
              <button
                key={type}
                type="button"
                class={`chip entity-${colour(type)}`}
                aria-pressed={types.has(type)}
                onClick={() => {
                  const next = new Set(types);
                  if (!next.delete(type)) next.add(type);
                  setTypes(next);
                }}
              >
                <span class="dot" /> {type} <span class="muted">{count}</span>
              </button>
            ))}
          </div>
        </div>
        {facets.length > 0 && (
          <details class="facets">
            <summary>Facets</summary>
            {facets.map(({ name, values }) => (
              <div key={name} class="chips" role="group" aria-label={name}>
                <span class="facet-name muted">{name}</span>
                {values.map(({ text, count }) => (
                  <button
                    key={text}
                    type="button"
                    class="chip"
                    aria-pressed={chosen.get(name)?.has(text) ?? false}
                    onClick={() => setChosen(toggled(chosen, name, text))}
                  >
                    {text} <span class="muted">{count}</span>
                  </button>
                ))}
              </div>
            ))}
          </details>
        )}
        <div class="result-bar">
          <p class="result-summary" role="status">
            {shown.length.toLocaleString("en")} items in {(lines.length - shown.length).toLocaleString("en")} partitions
          </p>
          <span class="spacer" />
          {!all && (
            <button type="button" class="small" onClick={() => setMost(most + READ)}>
              Read more
            </button>
          )}
        </div>
        <div class="groups" ref={scroller} tabIndex={0} role="region" aria-label={`Partitions of ${targetName(target)}`}>
          <div class="groups-body" style={{ height: `${height}px` }}>
            {rows.map(({ index: at, start }) => {
              const line = lines[at]!;
              const place = { transform: `translateY(${start}px)` };
              if (line.kind === "group") {
                return (
                  <h2 key={at} class="group-head" style={place}>
                    {line.title} <span class="muted">{line.count}</span>
                  </h2>
                );
              }
              return (
                <div key={at} class={`group-row entity-${colour(line.type)}`} style={place}>
                  <span class="entity-type">{line.type}</span>
                  <button type="button" class="link group-key" onClick={() => app.attempt(() => open(line.item))}>
                    {keyText(line.item, target.sort.length > 0 ? target.sort : targets[0]!.partition)}
                  </button>
                  <span class="group-rest">{summary(line.item, hidden)}</span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {editing && <ItemEditor table={table} model={model} stored={editing} item={editing} close={() => setEditing(undefined)} />}
    </div>
  );
}
