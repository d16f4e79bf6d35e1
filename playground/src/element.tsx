/**
 * `<dynatab-playground>`: the playground as a custom element, in a shadow root, so that a page's styles and the playground's do not meet.
 * The playground's own page is nothing else. Importing this module defines it.
 */
import { effect } from "@preact/signals";
import type { Dynatab } from "dynatab";
import { render } from "preact";
import { App } from "./app/app.ts";
import { AppContext } from "./app/context.ts";
import { globalCommands } from "./app/global-commands.ts";
import { hashRouter, memoryRouter } from "./app/route.ts";
import { Shell } from "./app/shell.tsx";
import { followPlace, openFirst } from "./database/open-first.ts";
import { placeOf, settingsOf, themeOf } from "./element-settings.ts";
import { playgroundStyle } from "./style/style.ts";

/**
 * The element. Attributes, read when it is put into a page:
 *
 * - `database`: the name of the database to open. Default: the one used last, for a new visitor one with a sample in it.
 * - `sample`: what to put into the database while it has no tables: `shop`, `music`, `forum`, `readings`.
 * - `endpoint`: the address of an endpoint of DynamoDB's API that is shown instead of a database in the browser, such as that of `dynatab serve`.
 *   Then `database` is what it is called, and `region` the region that requests name.
 * - `persistence`: `auto` (default) keeps the database where the browser can, `memory` forgets it with the element.
 * - `routing`: `hash` keeps the place in the page's address. Default: the address is left alone.
 *
 * and followed as they change:
 *
 * - `view`: what is shown: `start`, `requests`, `table/NAME/items`, `table/NAME/groups`, `table/NAME/stream`, `table/NAME/definition`, `create`,
 *   `share`, `databases`.
 * - `theme`: `light` or `dark`. Default: what the reader has chosen, otherwise the system's.
 *
 * The event `databaseopen` says that `database` is there. Colours and fonts are the CSS variables `--dynatab-*`. An element that is removed closes its database.
 */
export class DynatabPlayground extends HTMLElement {
  /** @internal */
  static readonly observedAttributes: string[] = ["theme", "view"];
  #app: App | undefined;
  #stop: (() => void)[] = [];

  /** The database in the browser that it shows, once that is open: for a page that puts data of its own into it. */
  get database(): Dynatab | undefined {
    const state = this.#app?.database.peek();
    return state?.state === "open" ? state.database.dynatab : undefined;
  }

  /** Shows what a page has changed in the database. */
  async refresh(): Promise<void> {
    if (this.database === undefined || !this.#app) return;
    await this.#app.refreshTables();
    this.#app.noteWrite();
  }

  /** @internal */
  connectedCallback(): void {
    // It has only been moved.
    if (this.#app) return;
    const { database, persistence, endpoint, sample, ownsAddress } = settingsOf(this);
    const first = placeOf(this.getAttribute("view"));
    // In somebody else's page nobody is asked whether the data may stay.
    const open = { persistence, askToPersist: ownsAddress };
    const app = new App({ router: ownsAddress ? hashRouter(first) : memoryRouter(first), database, open, endpoint });
    this.#app = app;
    app.theme.given.value = themeOf(this.getAttribute("theme"));
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [playgroundStyle()];
    this.#stop = [
      effect(() => {
        this.dataset.theme = app.theme.name;
      }),
      effect(() => {
        if (app.database.value.state === "open") this.dispatchEvent(new Event("databaseopen"));
      }),
      app.commands.add(globalCommands(app)),
      followPlace(app),
      listenForKeys(app, ownsAddress ? window : this),
    ];
    render(
      <AppContext.Provider value={app}>
        <Shell />
      </AppContext.Provider>,
      root,
    );
    void openFirst(app, { database, sample });
  }

  /** @internal */
  disconnectedCallback(): void {
    // What is only moved is in the page again before this turn is over, and keeps its database.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  /** @internal */
  attributeChangedCallback(name: string, _before: string | null, now: string | null): void {
    if (!this.#app) return;
    if (name === "theme") this.#app.theme.given.value = themeOf(now);
    else this.#app.go(placeOf(now).route);
  }

  #end(): void {
    for (const stop of this.#stop.splice(0)) stop();
    if (this.shadowRoot) render(null, this.shadowRoot);
    void this.#app?.close();
    this.#app = undefined;
  }
}

/** Runs commands by their keys: those of the whole page where the playground is all of it. */
function listenForKeys(app: App, target: EventTarget): () => void {
  const pressed = (event: Event) => {
    if (!event.defaultPrevented && app.dialogs.current.peek() === undefined) app.commands.handle(event as KeyboardEvent);
  };
  target.addEventListener("keydown", pressed);
  return () => target.removeEventListener("keydown", pressed);
}

declare global {
  interface HTMLElementTagNameMap {
    "dynatab-playground": DynatabPlayground;
  }
}

if (!customElements.get("dynatab-playground")) customElements.define("dynatab-playground", DynatabPlayground);
