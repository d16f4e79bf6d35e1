/** A browser is many processes, started by one: hearing what that one says, and ending all of them in one step. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { descendants, endProcess } from "./process-tree.ts";

const STARTED_WITHIN_MS = 60_000;
const CLOSED_WITHIN_MS = 15_000;

/** A process with everything it has started. */
export class BrowserChild {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = "";

  private constructor(name: string, process: ChildProcess) {
    this.#name = name;
    this.#process = process;
    // Also when it could not be started at all.
    this.#ended = once(process, "exit").catch((error: unknown) => {
      this.#said += String(error);
    });
    const hear = (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-20_000);
    };
    process.stdout?.on("data", hear);
    process.stderr?.on("data", hear);
  }

  /** Starts a program in a group of its own, so that all of it can be killed in one step. */
  static start(executable: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): BrowserChild {
    const options: SpawnOptions = { detached: true, env, stdio: ["ignore", "pipe", "pipe"] };
    return new BrowserChild(executable, spawn(executable, args, options));
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get running(): boolean {
    return this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Waits until it has said something like this, and gives the first group of it. */
  async says(pattern: RegExp): Promise<string> {
    const until = Date.now() + STARTED_WITHIN_MS;
    for (;;) {
      const found = pattern.exec(this.#said)?.[1];
      if (found !== undefined) return found;
      if (!this.running || Date.now() > until) throw new Error(`${this.#name} did not say ${pattern}:\n${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Waits for its end, which somebody has asked for; it is not given long. */
  async ends(): Promise<void> {
    if (!this.running) return;
    const timer = setTimeout(() => this.#killTree(), CLOSED_WITHIN_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** SIGKILL to every process of it at once: nothing gets to finish what it was doing. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.#killTree();
    await this.#ended;
  }

  /** Its group, and any child that has left the group. */
  #killTree(): void {
    for (const each of [-this.pid, ...descendants(this.pid)]) endProcess(each);
  }
}
