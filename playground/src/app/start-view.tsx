/** The first view of a database: its tables, or, when it is empty, what to begin with. */
import { useState } from "preact/hooks";
import { Icon } from "../controls/icon.tsx";
import { loadSample, SAMPLES } from "../samples/load-sample.ts";
import type { Sample } from "../samples/sample.ts";
import type { TableDescription } from "../tables/description.ts";
import { counted } from "../values/counted.ts";
import { bytesText } from "../values/item-size.ts";
import { useApp } from "./context.ts";
import { hashOf } from "./route.ts";
import { follow } from "./top-bar.tsx";

/** Sample databases to load into the open one. */
export function SampleChoice() {
  const app = useApp();
  const [loading, setLoading] = useState<string>();
  const taken = new Set(app.tables.value.map(({ TableName }) => TableName));
  const load = async (sample: Sample) => {
    setLoading("0 %");
    await app.attempt(async () => {
      const items = await loadSample(app.open, sample, (done, of) => setLoading(`${Math.floor((done / of) * 100)} %`));
      await app.refreshTables();
      app.say(sample.title, `${items.toLocaleString("en")} items are loaded.`);
      app.goTable(sample.tables[0]!.definition.TableName);
    });
    setLoading(undefined);
  };
  return (
    <ul class="cards">
      {SAMPLES.map((sample) => {
        const there = sample.tables.some(({ definition }) => taken.has(definition.TableName));
        return (
          <li key={sample.id} class="card">
            <h3>{sample.title}</h3>
            <p class="muted">{sample.description}</p>
            <button type="button" disabled={there || loading !== undefined} onClick={() => load(sample)}>
              {there ? "Already here" : loading === undefined ? `Load ${sample.title}` : `Loading, ${loading}`}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function indexesText({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: TableDescription): string {
  const count = GlobalSecondaryIndexes.length + LocalSecondaryIndexes.length;
  return count === 0 ? "" : `, ${count} ${count === 1 ? "index" : "indexes"}`;
}

function CreateTable() {
  const app = useApp();
  return (
    <button type="button" onClick={() => app.go({ view: "create" })}>
      <Icon name="plus" /> Create a table
    </button>
  );
}

export function StartView() {
  const app = useApp();
  const tables = app.tables.value;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{app.databaseName}</h1>
        <p class="muted">
          {app.endpoint
            ? `Amazon DynamoDB's API, answered by ${app.endpoint.name}.`
            : "Amazon DynamoDB's API, answered inside this tab. Nothing leaves your browser."}
        </p>
      </header>
      {tables.length > 0 && (
        <section aria-labelledby="tables-heading">
          <div class="section-head">
            <h2 id="tables-heading">Tables</h2>
            <CreateTable />
          </div>
          <ul class="cards">
            {tables.map((table) => (
              <li key={table.TableName} class="card">
                <h3>
                  <a
                    href={hashOf({ database: app.databaseName, route: { view: "table", table: table.TableName, part: "items" } })}
                    onClick={(event) => follow(event, () => app.goTable(table.TableName))}
                  >
                    {table.TableName}
                  </a>
                </h3>
                <p class="muted">
                  {counted(table.ItemCount ?? 0, "item")}, {bytesText(table.TableSizeBytes ?? 0)}
                  {indexesText(table)}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="samples-heading">
        <h2 id="samples-heading">{tables.length > 0 ? "Samples" : "Begin with a sample, or with nothing"}</h2>
        <SampleChoice />
        {tables.length === 0 && <CreateTable />}
      </section>
    </div>
  );
}
