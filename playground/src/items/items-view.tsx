/** A table's items: the builder above, the grid below it, the editor beside, what the request cost underneath. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp, useCommands } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import { ExchangeMenu } from "../exchange/exchange-menu.tsx";
import { ExplainPanel } from "../explain/explain-panel.tsx";
import { allKeyNames, primaryKey, type TableDescription } from "../tables/description.ts";
import { emptyValue, type Item } from "../values/attribute-value.ts";
import { itemColumns, placedColumns } from "./columns.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import type { ArrangeColumns } from "./grid-head.tsx";
import { ItemEditor } from "./item-editor.tsx";
import { ItemGrid } from "./item-grid.tsx";
import { type ItemsModel, itemsModel } from "./items-model.ts";
import { deleteItems } from "./put-items.ts";
import { ReadBuilder } from "./read-builder.tsx";
import { readInput } from "./read-request.ts";

interface Editing {
  stored: Item | undefined;
  item: Item;
  /** Changes with every opening, so that the editor begins anew. */
  opened: number;
}

function Summary({ model }: { model: ItemsModel }) {
  const run = model.run.value;
  const pages = run?.pages ?? [];
  const scanned = pages.reduce((sum, { answer }) => sum + (answer.ScannedCount ?? 0), 0);
  const shown = model.items.value.length;
  const failure = model.failure.value;
  const sort = model.pageSort.value;
  if (failure) {
    return (
      <p class="result-failure" role="alert">
        <strong>{failure.name}</strong> {failure.message}
      </p>
    );
  }
  return (
    <p class="result-summary" role="status">
      {run === undefined ? "" : `${shown.toLocaleString("en")} ${shown === 1 ? "item" : "items"}`}
      {scanned > shown && <span class="muted"> of {scanned.toLocaleString("en")} evaluated</span>}
      {model.hasMore.value && !model.busy.value && <span class="muted"> so far</span>}
      {model.busy.value && <span class="muted"> reading…</span>}
      {sort && (
        <span class="muted">
          , sorted here by {sort.name}, not by DynamoDB{model.hasMore.value && "; what is not loaded is not among them"}{" "}
          <button type="button" class="link" onClick={() => (model.pageSort.value = undefined)}>
            as they were read
          </button>
        </span>
      )}
    </p>
  );
}

/** Why the grid is empty, and what to do about it. */
function NoItems({ table, model }: { table: TableDescription; model: ItemsModel }) {
  const run = model.run.value;
  if (!run || model.busy.value || model.failure.value) return null;
  const asked = run.request.operation === "Query" || run.request.filters.length > 0;
  return (
    <p class="no-items muted">
      {(table.ItemCount ?? 0) > 0 && asked ? "No item answers to this." : "There are no items here yet: make one, or import a file."}
    </p>
  );
}

export function ItemsView({ table }: { table: TableDescription }) {
  const app = useApp();
  const model = itemsModel(app, table);
  const [editing, setEditing] = useState<Editing>();
  const main = useRef<HTMLDivElement>(null);
  const [explained, setExplained] = useState(false);
  const selected = model.selected.value;
  useEffect(() => {
    if (model.run.peek() === undefined) void model.start();
  }, [model]);
  const open = (stored: Item | undefined, item: Item) => setEditing({ stored, item, opened: Date.now() });
  const close = () => {
    setEditing(undefined);
    main.current?.querySelector<HTMLElement>(".grid")?.focus();
  };
  const create = () => open(undefined, Object.fromEntries(primaryKey(table).map(({ name, type }) => [name, emptyValue(type)])));
  useCommands(
    () => [
      { id: "items:new", title: "New item", group: table.TableName, keys: "Alt+N", run: create },
      { id: "items:run", title: "Run the query or scan", group: table.TableName, keys: "Mod+Enter", run: () => model.start() },
      { id: "items:all", title: "Read all pages", group: table.TableName, run: () => model.all() },
      {
        id: "items:explain",
        title: "Explain the request",
        group: table.TableName,
        keys: "Alt+E",
        run: () => setExplained((shown) => !shown),
      },
    ],
    [model],
  );
  const removeSelected = async () => {
    const keys = [...selected].map((at) => model.keyOf(model.items.peek()[at]!));
    const yes = await app.dialogs.confirm({
      title: `Delete ${keys.length.toLocaleString("en")} items?`,
      text: "They are deleted from the table and its indexes.",
      yes: "Delete items",
      danger: true,
    });
    if (!yes) return;
    await app.attempt(async () => {
      await deleteItems(app.open, table.TableName, keys);
      model.removeSelected();
      await app.refreshTables();
      app.say("Deleted", `${keys.length.toLocaleString("en")} items`);
    });
  };
  const asRequest = () =>
    app.attempt(async () => {
      const { requestsModel } = await import("../requests/requests-model.ts");
      const request = model.request.peek();
      requestsModel(app).show(request.operation, readInput(table.TableName, request, model.target));
      app.go({ view: "requests" });
    });
  const duplicate = () => {
    const item = model.items.peek()[[...selected][0]!];
    if (item) open(undefined, item);
  };
  const items = model.items.value;
  const keyNames = [...new Set([...primaryKey(table).map(({ name }) => name), ...allKeyNames(table)])];
  // Widths rest on a sample, so that a page more does not move the columns of a large result.
  const shape = items.length > 2000 ? Math.floor(Math.log2(items.length)) : items.length;
  const found = useMemo(() => itemColumns(items, keyNames), [shape, keyNames.join("\0"), items[0]]);
  const layout = model.layout.value;
  const columns = useMemo(() => placedColumns(found, layout), [found, layout]);
  const drawn = useMemo(() => columns.filter(({ shown }) => shown), [columns]);
  const arrange: ArrangeColumns = (change) => model.arrange(change);
  return (
    <div class="items" data-drawer={editing ? "open" : "closed"}>
      <div class="items-main" ref={main}>
        <ReadBuilder model={model} />
        <div class="result-bar">
          <Summary model={model} />
          <div class="result-actions">
            {selected.size > 0 && (
              <>
                <span class="muted">{selected.size.toLocaleString("en")} selected</span>
                {selected.size === 1 && (
                  <button type="button" class="small" onClick={duplicate}>
                    <Icon name="copy" /> Duplicate
                  </button>
                )}
                <button type="button" class="small danger" onClick={removeSelected}>
                  <Icon name="trash" /> Delete selected
                </button>
              </>
            )}
            {model.hasMore.value && (
              <button type="button" class="small" disabled={model.busy.value} onClick={() => model.all()}>
                Read all
              </button>
            )}
            <button type="button" class="small" onClick={create}>
              <Icon name="plus" /> New item
            </button>
            <ColumnsMenu columns={columns} layout={layout} arrange={arrange} />
            <ExchangeMenu table={table} imported={() => void model.start()} />
            <button type="button" class="small" onClick={asRequest}>
              As request
            </button>
            <button type="button" class="small" aria-pressed={explained} onClick={() => setExplained(!explained)}>
              Explain
            </button>
          </div>
        </div>
        <div class="grid-place">
          <ItemGrid
            label={`Items of ${table.TableName}`}
            items={items}
            places={model.places.value}
            columns={drawn}
            order={{ name: model.order?.name, forward: model.order?.forward ?? true, sortBy: (name) => model.sortBy(name) }}
            arrange={arrange}
            selected={selected}
            select={(next) => {
              model.selected.value = next;
            }}
            open={(item) => open(item, item)}
            more={() => void model.more()}
          />
          {items.length === 0 && <NoItems table={table} model={model} />}
        </div>
        {explained && <ExplainPanel model={model} />}
      </div>
      {editing && <ItemEditor key={editing.opened} table={table} model={model} stored={editing.stored} item={editing.item} close={close} />}
    </div>
  );
}
