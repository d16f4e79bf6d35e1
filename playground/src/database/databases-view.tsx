/** The databases this browser keeps: opened, made, renamed, duplicated, downloaded, deleted. */
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import { deleteDatabase, downloadDatabase, duplicateDatabase, openDatabaseFile, renameDatabase } from "./database-files.ts";
import { databaseNameProblem } from "./database-name.ts";
import { type KnownDatabase, keptDatabases } from "./registry.ts";

interface RowProps {
  database: KnownDatabase;
  open: boolean;
  /** The names that are taken. */
  taken: ReadonlySet<string>;
  /** The list may be another. */
  changed: () => void;
}

function DatabaseRow({ database: { name, opened }, open, taken, changed }: RowProps) {
  const app = useApp();
  const newName = (title: string, yes: string, value: string) =>
    app.dialogs.prompt({
      title,
      text: "Tables, items and streams are all in it.",
      yes,
      ask: { label: "New name", value, check: (given) => (taken.has(given) ? "There is one with this name." : databaseNameProblem(given)) },
    });
  const work = (done: string, act: () => Promise<boolean>) =>
    void app.attempt(async () => {
      if (!(await act())) return;
      changed();
      app.say(done, name);
    });
  const duplicate = async () => {
    const copy = await newName(`Duplicate ${name}`, "Duplicate", `${name}-copy`);
    if (copy !== undefined) await duplicateDatabase(app, name, copy);
    return copy !== undefined;
  };
  const rename = async () => {
    const to = await newName(`Rename ${name}`, "Rename", name);
    if (to !== undefined) await renameDatabase(app, name, to);
    return to !== undefined;
  };
  const remove = async () => {
    const question = {
      title: `Delete the database ${name}?`,
      text: "All its tables and items are deleted.",
      yes: "Delete database",
      danger: true,
      typed: name,
    };
    const yes = await app.dialogs.confirm(question);
    if (yes) await deleteDatabase(app, name);
    return yes;
  };
  return (
    <tr>
      <td>
        {name} {open ? <span class="badge good">open</span> : null}
      </td>
      <td>{opened === 0 ? "" : new Date(opened).toLocaleString()}</td>
      <td class="actions">
        {!open && (
          <button type="button" class="small" onClick={() => app.router.go({ database: name, route: { view: "start" } })}>
            Open <span class="hidden">{name}</span>
          </button>
        )}
        <button type="button" class="small" onClick={() => work("Renamed", rename)}>
          Rename <span class="hidden">{name}</span>
        </button>
        <button type="button" class="small" onClick={() => work("Duplicated", duplicate)}>
          Duplicate <span class="hidden">{name}</span>
        </button>
        <button type="button" class="small" onClick={() => app.attempt(() => downloadDatabase(app, name))}>
          Download <span class="hidden">{name}</span>
        </button>
        <button type="button" class="small danger" onClick={() => work("Deleted", remove)}>
          Delete <span class="hidden">{name}</span>
        </button>
      </td>
    </tr>
  );
}

export function DatabasesView() {
  const app = useApp();
  const [name, setName] = useState("");
  const [databases, setDatabases] = useState<KnownDatabase[]>([]);
  const state = app.database.value;
  const open = state.state === "open" ? state.database.name : undefined;
  const read = () => void keptDatabases().then(setDatabases);
  useEffect(read, [open]);
  const taken = new Set(databases.map((each) => each.name));
  const problem = name === "" ? undefined : databaseNameProblem(name);
  const openFile = () =>
    app.attempt(async () => {
      const opened = await openDatabaseFile();
      if (opened !== undefined) app.router.go({ database: opened, route: { view: "start" } });
    });
  return (
    <div class="page">
      <header class="page-head">
        <h1>Databases</h1>
        <p class="muted">Kept in this browser's private file system, for this address only.</p>
      </header>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Databases">
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
              <DatabaseRow key={each.name} database={each} open={each.name === open} taken={taken} changed={read} />
            ))}
          </tbody>
        </table>
      </div>
      {state.state === "open" && state.database.inMemory && (
        <p class="caution-text">The open database is in memory only: it is not in this list, and is gone with the page.</p>
      )}
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
