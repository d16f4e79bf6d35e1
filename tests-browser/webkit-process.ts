/**
 * WebKitGTK's MiniBrowser as a process of ours, driven by WebKitWebDriver, on a display that nobody sees. It is the browser for what the
 * package does without a private file system, so nothing here keeps data, and nothing needs to be killed.
 */
import { findMiniBrowser, findWebKitDriver, findXvfb } from "../scripts/browsers.mjs";
import { BrowserChild } from "./browser-child.ts";
import { freePort } from "./folder-server.ts";
import type { TestBrowser, TestPage } from "./test-browser.ts";
import { WebDriverSession } from "./webdriver-session.ts";

/** Its pages are not seen, and these machines have no graphics card. */
const WITHOUT_GRAPHICS = { GDK_BACKEND: "x11", LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1", NO_AT_BRIDGE: "1" };

/** A tab. */
export class WebkitPage implements TestPage {
  readonly #session: WebDriverSession;
  readonly #window: string;

  constructor(session: WebDriverSession, window: string) {
    this.#session = session;
    this.#window = window;
  }

  goto(url: string): Promise<unknown> {
    return this.#session.inWindow(this.#window, "POST", "url", { url });
  }

  reload(): Promise<unknown> {
    return this.#session.inWindow(this.#window, "POST", "refresh", {});
  }

  /** Starts the call and asks for its outcome, since a command that waits keeps all other windows waiting. */
  async evaluate<Given, Result>(run: (given: Given) => Result | Promise<Result>, given: Given): Promise<Result> {
    const number = await this.#execute(
      `const outcomes = (globalThis.testOutcomes ??= []);
       const number = outcomes.push(undefined) - 1;
       const tell = (outcome) => { outcomes[number] = JSON.stringify(outcome); };
       Promise.resolve(arguments[0]).then(${run.toString()}).then((value) => tell({ value }), (error) => tell({ error: String(error) }));
       return number;`,
      [given],
    );
    for (;;) {
      const told = (await this.#execute("return testOutcomes[arguments[0]] ?? null", [number])) as string | null;
      if (told !== null) {
        const { value, error } = JSON.parse(told) as { value: Result; error?: string };
        if (error !== undefined) throw new Error(error);
        return value;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    await this.#session.inWindow(this.#window, "DELETE", "window");
  }

  #execute(script: string, args: unknown[]): Promise<unknown> {
    return this.#session.inWindow(this.#window, "POST", "execute/sync", { script, args });
  }
}

/** A running MiniBrowser, with its driver and its display. */
export class WebkitProcess implements TestBrowser<WebkitPage> {
  readonly #children: readonly BrowserChild[];
  readonly #session: WebDriverSession;
  /** The window it began with, which stays, so that there is always one. */
  readonly #home: string;

  private constructor(children: readonly BrowserChild[], session: WebDriverSession, home: string) {
    this.#children = children;
    this.#session = session;
    this.#home = home;
  }

  static async start(profile: string): Promise<WebkitProcess> {
    const [browser, driver, xvfb] = [findMiniBrowser(), findWebKitDriver(), findXvfb()];
    if (!browser || !driver || !xvfb)
      throw new Error("No WebKitGTK here, or nothing to drive it with: `npm run test:browsers` installs it.");
    const children: BrowserChild[] = [];
    try {
      const screen = BrowserChild.start(xvfb, ["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x1024x24"]);
      children.push(screen);
      const display = `:${await screen.says(/^(\d+)$/m)}`;
      const port = await freePort();
      const folders = { HOME: profile, XDG_DATA_HOME: profile, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile };
      children.push(BrowserChild.start(driver, [`--port=${port}`], { ...process.env, ...WITHOUT_GRAPHICS, ...folders, DISPLAY: display }));
      const session = await WebDriverSession.start(`http://127.0.0.1:${port}`, browser);
      return new WebkitProcess(children, session, (await session.send("GET", "window")) as string);
    } catch (error) {
      for (const child of children) await child.kill();
      throw error;
    }
  }

  /** A tab. WebDriver does not tell what nobody catches in it. */
  async newPage(): Promise<WebkitPage> {
    const { handle } = (await this.#session.inWindow(this.#home, "POST", "window/new", { type: "tab" })) as { handle: string };
    return new WebkitPage(this.#session, handle);
  }

  async close(): Promise<void> {
    try {
      await this.#session.end();
    } finally {
      for (const child of [...this.#children].reverse()) await child.kill();
    }
  }
}
