/** The databases this browser keeps: open, make. */
import { useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import { databaseNameProblem } from "./database-name.ts";
import { knownDatabases } from "./registry.ts";

export function DatabasesView() {
  const app = useApp();
  const [name, setName] = useState("");
  const state = app.database.value;
  const open = state.state === "open" ? state.database.name : undefined;
  const databases = knownDatabases();
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
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
        {problem ? <span class="problem">{problem}</span> : null}
      </form>
    </div>
  );
}
