/** The bar at the top: which database, where it is kept, and what is always at hand. */
import { Icon } from "../controls/icon.tsx";
import { keysText } from "./commands.ts";
import { useApp } from "./context.ts";
import { hashOf } from "./route.ts";

/** Where the data is, in words. */
function StorageBadge() {
  const { database, endpoint } = useApp();
  const state = database.value;
  if (state.state !== "open") return <span class="badge">{state.state === "opening" ? "Opening…" : "Not open"}</span>;
  const { dynatab, inMemory } = state.database;
  if (endpoint) {
    return (
      <span class="badge" title={endpoint.url}>
        Endpoint
      </span>
    );
  }
  if (!inMemory) {
    return (
      <span class="badge good" title={`In the private file system of ${location.origin}: it survives reloads and restarts.`}>
        Kept in this browser
      </span>
    );
  }
  return (
    <span class="badge caution" title={dynatab?.persistenceReason ?? "It was opened in memory."}>
      In memory only
    </span>
  );
}

export function TopBar({ menuOpen, onMenu }: { menuOpen: boolean; onMenu: () => void }) {
  const app = useApp();
  const { theme } = app;
  const name = app.databaseName;
  return (
    <header class="top">
      <button
        type="button"
        class="ghost only-narrow"
        aria-label="Tables and views"
        aria-expanded={menuOpen}
        aria-controls="side"
        onClick={onMenu}
      >
        <Icon name="menu" />
      </button>
      <a
        class="brand"
        href={hashOf({ database: name, route: { view: "start" } })}
        onClick={(event) => follow(event, () => app.go({ view: "start" }))}
      >
        dynatab
      </a>
      {app.endpoint ? (
        <span class="database-link">
          <Icon name="database" />
          <span class="database-name">{name}</span>
        </span>
      ) : (
        <a
          class="database-link"
          href={hashOf({ database: name, route: { view: "databases" } })}
          onClick={(event) => follow(event, () => app.go({ view: "databases" }))}
          aria-label={`Database ${name}: all databases`}
        >
          <Icon name="database" />
          <span class="database-name">{name}</span>
        </a>
      )}
      <StorageBadge />
      <span class="spacer" />
      <button type="button" class="ghost wide-label" aria-keyshortcuts="Control+K" onClick={() => (app.paletteOpen.value = true)}>
        <Icon name="search" />
        <span class="hidden">Commands </span>
        <kbd class="only-wide">{keysText("Mod+K")}</kbd>
      </button>
      {theme.given.value === undefined && (
        <button
          type="button"
          class="ghost"
          aria-label={theme.name === "dark" ? "Light theme" : "Dark theme"}
          onClick={() => theme.toggle()}
        >
          <Icon name={theme.name === "dark" ? "sun" : "moon"} />
        </button>
      )}
    </header>
  );
}

/** Links go through the router, so that they work in pages whose address is not ours; new tabs are the browser's. */
export function follow(event: MouseEvent, go: () => void): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go();
}
