/** Shows what a link carries, and opens it in a database of its own when the reader says so. */
import { useMemo, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { databaseNameProblem } from "../database/database-name.ts";
import { putItems } from "../items/put-items.ts";
import { requestsModel } from "../requests/requests-model.ts";
import { bytesText } from "../values/item-size.ts";
import { jsonText } from "../values/plain-json.ts";
import { readShareHash, type SharedContent } from "./share-content.ts";

function readable(hash: string): { content: SharedContent } | { problem: string } {
  try {
    return { content: readShareHash(hash) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

export function SharedView({ hash }: { hash: string }) {
  const app = useApp();
  const found = useMemo(() => readable(hash), [hash]);
  const [name, setName] = useState(() => `shared-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}`);
  const [busy, setBusy] = useState(false);
  if ("problem" in found) {
    return (
      <section class="failure" role="alert">
        <h1>This link cannot be opened</h1>
        <p>{found.problem}</p>
      </section>
    );
  }
  const { tables, request } = found.content;
  const problem = databaseNameProblem(name);
  const open = async () => {
    setBusy(true);
    await app.attempt(async () => {
      await app.openDatabase(name);
      for (const { definition, items } of tables) {
        await app.open.createTable(definition);
        await putItems(app.open, definition.TableName, items);
      }
      await app.refreshTables();
      if (request?.kind === "request") requestsModel(app).show(request.operation, request.input);
      if (request?.kind === "code") requestsModel(app).showCode(request.code, true);
      if (request) app.go({ view: "requests" });
      else if (tables[0]) app.goTable(tables[0].definition.TableName);
      else app.go({ view: "start" });
    });
    setBusy(false);
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Somebody shares this with you</h1>
        <p class="muted">
          The link is {bytesText(hash.length)} long and carries what is listed here. Nothing of it has been run or stored.
        </p>
      </header>
      {tables.length > 0 && (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col" class="number">
                Items
              </th>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ definition, items }) => (
              <tr key={definition.TableName}>
                <td>{definition.TableName}</td>
                <td class="number">{items.length.toLocaleString("en")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {request && (
        <section aria-labelledby="request-heading">
          <h2 id="request-heading">{request.kind === "code" ? "A program for the AWS SDK" : `A request: ${request.operation}`}</h2>
          <pre tabIndex={0} role="region" aria-label="Shared request" class="shared-request">
            {request.kind === "code" ? request.code : jsonText(request.input)}
          </pre>
        </section>
      )}
      <div class="inline-form">
        {app.endpoint ? (
          <p>Into {app.endpoint.name}, beside what is there</p>
        ) : (
          <label class="field">
            <span>Into a new database</span>
            <input value={name} spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
        )}
        <button type="button" class="primary" disabled={busy || problem !== undefined} onClick={open}>
          Open it
        </button>
        {problem !== undefined && <span class="problem">{problem}</span>}
      </div>
    </div>
  );
}
