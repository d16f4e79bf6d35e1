/** The commands that make sense everywhere. */
import { loadSample, SAMPLES } from "../samples/load-sample.ts";
import type { App } from "./app.ts";
import type { Command } from "./commands.ts";

export function globalCommands(app: App): Command[] {
  return [
    {
      id: "palette",
      title: "Show all commands",
      group: "Page",
      keys: "Mod+K",
      run: () => {
        app.paletteOpen.value = true;
      },
    },
    { id: "theme", title: "Switch between light and dark", group: "Page", run: () => app.theme.toggle() },
    { id: "go:start", title: "Go to the start", group: "Page", run: () => app.go({ view: "start" }) },
    { id: "go:requests", title: "Go to the requests", group: "Page", keys: "Alt+R", run: () => app.go({ view: "requests" }) },
    { id: "go:share", title: "Share a link", group: "Page", run: () => app.go({ view: "share" }) },
    ...(app.endpoint
      ? []
      : [{ id: "go:databases", title: "Go to the databases", group: "Page", run: () => app.go({ view: "databases" }) }]),
    { id: "table:create", title: "Create a table", group: "Table", run: () => app.go({ view: "create" }) },
    {
      id: "model:export",
      title: "Export a data model for NoSQL Workbench",
      group: "Database",
      run: async () => (await import("../exchange/exchange-actions.ts")).exportModel(app),
    },
    {
      id: "model:import",
      title: "Import a data model of NoSQL Workbench",
      group: "Database",
      run: async () => {
        const tables = await (await import("../exchange/exchange-actions.ts")).importModel(app);
        if (tables.length > 0) app.say("Imported", tables.join(", "));
      },
    },
    ...SAMPLES.map(
      (sample): Command => ({
        id: `sample:${sample.id}`,
        title: `Load the sample ${sample.title}`,
        group: "Sample",
        run: async () => {
          await loadSample(app.open, sample);
          await app.refreshTables();
          app.goTable(sample.tables[0]!.definition.TableName);
        },
      }),
    ),
  ];
}
