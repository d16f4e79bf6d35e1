/** The databases this browser keeps: open, make. */
import { useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import { downloadDatabase, duplicateDatabase, openDatabaseFile } from "./database-files.ts";
import { databaseNameProblem } from "./database-name.ts";
import { knownDatabases } from "./registry.ts";

export function DatabasesView() {
  const app = useApp();
  const [name, setName] = useState("");
  const state = app.database.value;
  const open = state.state === "open" ? state.database.name : undefined;
  const databases = knownDatabases();
  const [, again] = useState(0);
  const inMemory = state.state === "open" && state.database.inMemory;
  const duplicate = (original: string) =>
    app.attempt(async () => {
      const taken = new Set(databases.map((each) => each.name));
      const copy = await app.dialogs.prompt({
        title: `Duplicate ${original}`,
        text: "Tables, items and streams are copied.",
        yes: "Duplicate",
        ask: {
          label: "Name of the copy",
          value: `${original}-copy`,
          check: (given) => (taken.has(given) ? "There is one with this name." : databaseNameProblem(given)),
        },
      });
      if (copy === undefined) return;
      await duplicateDatabase(app, original, copy);
      again((times) => times + 1);
      app.say("Duplicated", copy);
    });
  const openFile = () =>
    app.attempt(async () => {
      const opened = await openDatabaseFile();
      if (opened !== undefined) app.router.go({ database: opened, route: { view: "start" } });
    });
  const problem = name === "" ? undefined : databaseNameProblem(name);
  return (
    <div class="page">
      <header class="page-head">
        <h1>Databases</h1>
        <p class="muted">Kept in this browser's private file system, for this address only.</p>
      </header>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Last opened</th>
            <th scope="col">
              <span class="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {databases.map((each) => (
            <tr key={each.name}>
              <td>
                {each.name} {each.name === open ? <span class="badge good">open</span> : null}
              </td>
              <td>{new Date(each.opened).toLocaleString()}</td>
              <td class="actions">
                {each.name !== open && (
                  <button type="button" class="small" onClick={() => app.router.go({ database: each.name, route: { view: "start" } })}>
                    Open <span class="hidden">{each.name}</span>
                  </button>
                )}
                <button type="button" class="small" onClick={() => duplicate(each.name)}>
                  Duplicate <span class="hidden">{each.name}</span>
                </button>
                <button type="button" class="small" onClick={() => app.attempt(() => downloadDatabase(app, each.name))}>
                  <Icon name="download" /> Download <span class="hidden">{each.name}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {inMemory && <p class="caution-text">The open database is in memory only: it is not in this list, and is gone with the page.</p>}
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === undefined && name !== "") app.router.go({ database: name, route: { view: "start" } });
        }}
      >
        <label class="field">
          <span>New database</span>
          <input
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            placeholder="my-design"
            spellcheck={false}
            autocapitalize="none"
          />
        </label>
        <button type="submit" class="primary" disabled={name === "" || problem !== undefined}>
          <Icon name="plus" /> Create
        </button>
        <button type="button" onClick={openFile}>
          Open a file…
        </button>
        {problem ? <span class="problem">{problem}</span> : null}
      </form>
    </div>
  );
}
