/** A table's definition, statistics and settings, and what changes them. */

import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import { bytesText } from "../values/item-size.ts";
import { jsonText } from "../values/plain-json.ts";
import type { TableDescription } from "./description.ts";
import { readTargets, targetName } from "./description.ts";
import { IndexFields } from "./key-fields.tsx";
import { emptyIndex, indexInput, indexKeys, likeTable } from "./table-draft.ts";
import { TableSettings } from "./table-settings.tsx";

function keyText(keys: { name: string; type: string }[]) {
  return keys.length === 0 ? <span class="muted">none</span> : keys.map(({ name, type }) => `${name} (${type})`).join(", ");
}

/** The table and its indexes with keys, sizes and counts. */
function Targets({ table }: { table: TableDescription }) {
  const app = useApp();
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const remove = async (index: string) => {
    const yes = await app.dialogs.confirm({
      title: `Delete the index ${index}?`,
      text: "Its entries are deleted; the table's items stay.",
      yes: "Delete index",
      danger: true,
    });
    if (yes)
      await app.attempt(() =>
        app.run("UpdateTable", { TableName: table.TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index } }] }),
      );
  };
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label="Keys and indexes">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col">Partition key</th>
            <th scope="col">Sort key</th>
            <th scope="col">Projection</th>
            <th scope="col" class="number">
              Items
            </th>
            <th scope="col" class="number">
              Size
            </th>
            <th scope="col">
              <span class="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {readTargets(table).map((target) => {
            const index = indexes.find(({ IndexName }) => IndexName === target.index);
            return (
              <tr key={targetName(target)}>
                <td>
                  {target.index ?? table.TableName}{" "}
                  {index?.IndexStatus !== undefined && index.IndexStatus !== "ACTIVE" ? (
                    <span class="badge caution">{index.IndexStatus}</span>
                  ) : null}
                </td>
                <td>{target.kind}</td>
                <td>{keyText(target.partition)}</td>
                <td>{keyText(target.sort)}</td>
                <td>
                  {target.projection.ProjectionType ?? "ALL"}
                  {target.projection.NonKeyAttributes ? `: ${target.projection.NonKeyAttributes.join(", ")}` : ""}
                </td>
                <td class="number">{((index ?? table).ItemCount ?? 0).toLocaleString("en")}</td>
                <td class="number">{bytesText((index ? index.IndexSizeBytes : table.TableSizeBytes) ?? 0)}</td>
                <td class="actions">
                  {target.kind === "GSI" && (
                    <button
                      type="button"
                      class="ghost small"
                      aria-label={`Delete index ${target.index}`}
                      onClick={() => remove(target.index!)}
                    >
                      <Icon name="trash" />
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Adds a global secondary index to the table. */
function NewIndex({ table }: { table: TableDescription }) {
  const app = useApp();
  const [index, setIndex] = useState<ReturnType<typeof emptyIndex>>();
  if (!index) {
    return (
      <button type="button" onClick={() => setIndex(emptyIndex("GSI"))}>
        <Icon name="plus" /> Global index
      </button>
    );
  }
  const create = async () => {
    const known = table.AttributeDefinitions.filter(
      ({ AttributeName }) => !indexKeys(index).some((key) => key.AttributeName === AttributeName),
    );
    const made = await app.attempt(() =>
      app.run("UpdateTable", {
        TableName: table.TableName,
        AttributeDefinitions: [...known, ...indexKeys(index)],
        GlobalSecondaryIndexUpdates: [{ Create: indexInput(index, { name: "", type: "S" }) }],
      }),
    );
    if (made) setIndex(undefined);
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <IndexFields index={index} change={setIndex} />
      <div class="buttons">
        <button type="submit" class="primary">
          Create index
        </button>
        <button type="button" onClick={() => setIndex(undefined)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** While an index is made or deleted, or a table changes, it is looked at again. */
function useFreshDescription(table: TableDescription): void {
  const app = useApp();
  const busy = table.TableStatus !== "ACTIVE" || (table.GlobalSecondaryIndexes ?? []).some(({ IndexStatus }) => IndexStatus !== "ACTIVE");
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => void app.refreshTables().catch(() => {}), 500);
    return () => clearInterval(timer);
  }, [app, busy]);
}

export function DefinitionView({ table }: { table: TableDescription }) {
  const app = useApp();
  const [asJson, setAsJson] = useState(false);
  useFreshDescription(table);
  const remove = async () => {
    const yes = await app.dialogs.confirm({
      title: `Delete ${table.TableName}?`,
      text: `The table, its indexes and its ${(table.ItemCount ?? 0).toLocaleString("en")} items are deleted.`,
      yes: "Delete table",
      danger: true,
      typed: table.TableName,
    });
    if (!yes) return;
    const deleted = await app.attempt(() => app.run("DeleteTable", { TableName: table.TableName }));
    if (!deleted) return;
    app.say("Deleted", table.TableName);
    app.go({ view: "start" });
  };
  return (
    <div class="page">
      <div class="buttons">
        <div class="segmented" role="group" aria-label="Show as">
          <button type="button" aria-pressed={!asJson} onClick={() => setAsJson(false)}>
            Form
          </button>
          <button type="button" aria-pressed={asJson} onClick={() => setAsJson(true)}>
            JSON
          </button>
        </div>
        <span class="spacer" />
        <button type="button" class="danger" onClick={remove}>
          <Icon name="trash" /> Delete table
        </button>
      </div>
      {asJson ? (
        <div class="definition-json">
          <h2>CreateTable that makes this table</h2>
          <pre tabIndex={0} role="region" aria-label="CreateTable input">
            {jsonText(likeTable(table))}
          </pre>
          <h2>DescribeTable</h2>
          <pre tabIndex={0} role="region" aria-label="Table description">
            {jsonText(table)}
          </pre>
        </div>
      ) : (
        <>
          <section aria-labelledby="indexes-heading">
            <h2 id="indexes-heading">Keys and indexes</h2>
            <Targets table={table} />
            <NewIndex table={table} />
          </section>
          <TableSettings table={table} />
        </>
      )}
    </div>
  );
}
