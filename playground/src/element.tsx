/**
 * `<dynatab-playground>`: the playground as a custom element, in a shadow root, so that a page's styles and the playground's do not meet.
 * The playground's own page is nothing else.
 *
 * Attributes: `database` (the name to open; default `shop`), `persistence` (`auto`, `memory`), `routing` (`hash` keeps the place in the
 * page's address; without it the address is left alone). Colours and fonts are CSS variables (`style/theme.css`).
 */
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app/app.ts";
import { AppContext } from "./app/context.ts";
import { globalCommands } from "./app/global-commands.ts";
import { hashRouter, memoryRouter } from "./app/route.ts";
import { Shell } from "./app/shell.tsx";
import { currentTheme } from "./app/theme.ts";
import { followPlace, openFirst } from "./database/open-first.ts";
import { playgroundStyle } from "./style/style.ts";

export class DynatabPlayground extends HTMLElement {
  #app: App | undefined;
  #stop: (() => void)[] = [];

  connectedCallback(): void {
    const ownPage = this.getAttribute("routing") === "hash";
    const router = ownPage ? hashRouter() : memoryRouter();
    const persistence = this.getAttribute("persistence") === "memory" ? "memory" : "auto";
    const app = new App({ router, database: this.getAttribute("database") ?? "shop", open: { persistence } });
    this.#app = app;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [playgroundStyle()];
    this.#stop = [
      effect(() => {
        this.dataset.theme = currentTheme();
      }),
      app.commands.add(globalCommands(app)),
      followPlace(app),
      listenForKeys(app, ownPage ? window : this),
    ];
    render(
      <AppContext.Provider value={app}>
        <Shell />
      </AppContext.Provider>,
      root,
    );
    void openFirst(app);
  }

  disconnectedCallback(): void {
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

if (!customElements.get("dynatab-playground")) customElements.define("dynatab-playground", DynatabPlayground);
