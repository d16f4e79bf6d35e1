/** A session of WebDriver (https://www.w3.org/TR/webdriver2/): commands over HTTP, one at a time. */

const STARTED_WITHIN_MS = 60_000;

export class WebDriverSession {
  readonly #address: string;
  /** The last command: each waits for the one before, since which window is meant is a state of the session. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(address: string) {
    this.#address = address;
  }

  /** Starts MiniBrowser by a driver that is itself just starting. */
  static async start(driver: string, binary: string): Promise<WebDriverSession> {
    await ready(driver);
    const options = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
    const { sessionId } = (await command("POST", `${driver}/session`, { capabilities: { alwaysMatch: options } })) as { sessionId: string };
    return new WebDriverSession(`${driver}/session/${sessionId}`);
  }

  /** Sends a command, when its turn comes. Rejects with the driver's error. */
  send(method: string, path: string, body?: object): Promise<unknown> {
    return this.#inTurn(() => command(method, `${this.#address}/${path}`, body));
  }

  /** The same for a command that is meant for one window. */
  inWindow(handle: string, method: string, path: string, body?: object): Promise<unknown> {
    return this.#inTurn(async () => {
      await command("POST", `${this.#address}/window`, { handle });
      return command(method, `${this.#address}/${path}`, body);
    });
  }

  /** Ends it, and the browser with it. */
  async end(): Promise<void> {
    await this.#inTurn(() => command("DELETE", this.#address));
  }

  #inTurn(run: () => Promise<unknown>): Promise<unknown> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

async function ready(driver: string): Promise<void> {
  const until = Date.now() + STARTED_WITHIN_MS;
  for (;;) {
    try {
      await command("GET", `${driver}/status`);
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function command(method: string, address: string, body?: object): Promise<unknown> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${method} ${new URL(address).pathname}: ${error}: ${message}`);
}
