/** The command palette: every command, table and database by a few letters of its name. */
import { useEffect, useRef, useState } from "preact/hooks";
import { knownDatabases } from "../database/registry.ts";
import type { App } from "./app.ts";
import { type Command, keysText } from "./commands.ts";
import { useApp } from "./context.ts";

/** Whether the letters occur in this order. Whole words first: a better match has a smaller number, none is undefined. */
function matchRank(text: string, letters: string): number | undefined {
  const within = text.toLowerCase();
  const wanted = letters.toLowerCase().trim();
  const at = within.indexOf(wanted);
  if (at >= 0) return at;
  let place = -1;
  for (const letter of wanted.replaceAll(" ", "")) {
    place = within.indexOf(letter, place + 1);
    if (place < 0) return undefined;
  }
  return 1000 + place;
}

function places(app: App): Command[] {
  const tables = app.tables.value.flatMap(({ TableName }): Command[] => [
    { id: `table:${TableName}`, title: TableName, group: "Table", run: () => app.goTable(TableName) },
    { id: `groups:${TableName}`, title: `${TableName}: groups`, group: "Table", run: () => app.goTable(TableName, "groups") },
    { id: `definition:${TableName}`, title: `${TableName}: definition`, group: "Table", run: () => app.goTable(TableName, "definition") },
  ]);
  const databases = (app.endpoint ? [] : knownDatabases())
    .filter(({ name }) => name !== app.databaseName)
    .map(
      ({ name }): Command => ({
        id: `database:${name}`,
        title: name,
        group: "Database",
        run: () => app.router.go({ database: name, route: { view: "start" } }),
      }),
    );
  return [...tables, ...databases];
}

export function Palette() {
  const app = useApp();
  return app.paletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const [letters, setLetters] = useState("");
  const [chosen, setChosen] = useState(0);
  useEffect(() => dialog.current?.showModal(), []);
  const found = [...app.commands.all.value, ...places(app)]
    .filter(({ id }) => id !== "palette")
    .map((command) => ({ command, rank: matchRank(`${command.title} ${command.group}`, letters) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank! - b.rank!)
    .slice(0, 60)
    .map(({ command }) => command);
  const at = Math.min(chosen, found.length - 1);
  const close = () => {
    app.paletteOpen.value = false;
  };
  const run = (command: Command | undefined) => {
    close();
    if (command) void app.attempt(async () => command.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setChosen(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setChosen(Math.max(at - 1, 0));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label="Commands"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        class="palette-input"
        role="combobox"
        aria-label="Command, table or database"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        placeholder="Type a command, a table or a database"
        value={letters}
        spellcheck={false}
        onInput={(event) => {
          setLetters(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="palette-list" role="listbox" id="palette-list" aria-label="Commands">
        {found.map((command, place) => (
          <div
            key={command.id}
            id={`palette-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            class="palette-option"
            ref={place === at ? (element) => element?.scrollIntoView?.({ block: "nearest" }) : null}
            onMouseMove={() => setChosen(place)}
            onClick={() => run(command)}
            onKeyDown={onKeyDown}
          >
            <span>{command.title}</span>
            <span class="muted">{command.group}</span>
            {command.keys === undefined ? null : <kbd>{keysText(command.keys)}</kbd>}
          </div>
        ))}
        {found.length === 0 && <p class="muted pad">Nothing has these letters.</p>}
      </div>
    </dialog>
  );
}
