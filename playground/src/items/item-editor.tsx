/** The drawer an item is edited in: as a form, as plain JSON, or as DynamoDB-JSON. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { CodeEditor } from "../controls/code-editor.tsx";
import { Icon } from "../controls/icon.tsx";
import { primaryKey, type TableDescription } from "../tables/description.ts";
import { type Item, sameItem } from "../values/attribute-value.ts";
import { bytesText, itemSize } from "../values/item-size.ts";
import { type EditMode, startDraft, withItem, withMode, withText } from "./item-draft.ts";
import type { ItemsModel } from "./items-model.ts";
import { ItemForm } from "./value-form.tsx";

const MODES: { mode: EditMode; label: string }[] = [
  { mode: "form", label: "Form" },
  { mode: "plain", label: "JSON" },
  { mode: "dynamodb", label: "DynamoDB JSON" },
];

/** The mode used last is the next item's. */
let lastMode: EditMode = "form";

export interface ItemEditorProps {
  table: TableDescription;
  model: ItemsModel;
  /** The item as it is stored; undefined for a new one. */
  stored: Item | undefined;
  /** What to begin with. */
  item: Item;
  close: () => void;
}

export function ItemEditor({ table, model, stored, item, close }: ItemEditorProps) {
  const app = useApp();
  const keys = primaryKey(table);
  const [draft, setDraft] = useState(() => startDraft(item, keys, lastMode));
  const [failure, setFailure] = useState<Error>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const keyNames = keys.map(({ name }) => name);
  const valid = draft.problems.length === 0;

  const save = async () => {
    setFailure(undefined);
    if (!valid) return;
    try {
      const moved = stored !== undefined && !sameItem(model.keyOf(stored), model.keyOf(draft.item));
      // A new item must not replace one that is there without anybody noticing.
      const guard =
        stored === undefined || moved
          ? { ConditionExpression: "attribute_not_exists(#key)", ExpressionAttributeNames: { "#key": keyNames[0]! } }
          : {};
      await app.run("PutItem", { TableName: table.TableName, Item: draft.item, ...guard });
      if (stored !== undefined && !moved) model.replace(stored, draft.item);
      else model.items.value = [...model.items.peek(), draft.item];
      app.say("Saved", keyNames.map((name) => Object.values(draft.item[name]!)[0]).join(" / "));
      await app.refreshTables();
      close();
    } catch (error) {
      setFailure(error as Error);
    }
  };
  const remove = async () => {
    const yes = await app.dialogs.confirm({
      title: "Delete this item?",
      text: "It is deleted from the table and its indexes.",
      yes: "Delete item",
      danger: true,
    });
    if (!yes || stored === undefined) return;
    const deleted = await app.attempt(() => app.run("DeleteItem", { TableName: table.TableName, Key: model.keyOf(stored) }));
    if (!deleted) return;
    model.replace(stored, undefined);
    await app.refreshTables();
    close();
  };
  return (
    <section
      class="drawer"
      aria-label={stored === undefined ? "New item" : "Edit item"}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) close();
      }}
    >
      <header class="drawer-head">
        <h2 ref={heading} tabIndex={-1}>
          {stored === undefined ? "New item" : "Item"}
        </h2>
        <div class="segmented" role="group" aria-label="Edit as">
          {MODES.map(({ mode, label }) => (
            <button
              key={mode}
              type="button"
              aria-pressed={draft.mode === mode}
              onClick={() => {
                lastMode = mode;
                setDraft(withMode(draft, mode));
              }}
            >
              {label}
            </button>
          ))}
        </div>
        <button type="button" class="ghost" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="drawer-body">
        {draft.mode === "form" ? (
          <ItemForm
            item={draft.item}
            locked={stored === undefined ? [] : keyNames}
            change={(next) => setDraft(withItem(draft, next, keys))}
          />
        ) : (
          <CodeEditor
            key={draft.mode}
            label={draft.mode === "plain" ? "Item as JSON" : "Item as DynamoDB JSON"}
            language="json"
            value={draft.text}
            change={(text) => setDraft((before) => withText(before, text, keys))}
            run={save}
          />
        )}
      </div>
      <footer class="drawer-foot">
        <div aria-live="polite" class="problems">
          {draft.problems.slice(0, 4).map((problem) => (
            <p key={problem} class="problem">
              {problem}
            </p>
          ))}
        </div>
        {failure && (
          <p class="problem" role="alert">
            <strong>{failure.name}</strong> {failure.message}
          </p>
        )}
        <div class="buttons">
          <button type="button" class="primary" disabled={!valid} onClick={save}>
            Save item
          </button>
          {stored !== undefined && (
            <button type="button" class="danger" onClick={remove}>
              Delete
            </button>
          )}
          <span class="spacer" />
          <span class="muted small-text">{valid ? bytesText(itemSize(draft.item)) : ""}</span>
        </div>
      </footer>
    </section>
  );
}
