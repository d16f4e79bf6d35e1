/**
 * Chromium as a process of ours: started on a profile, reached over its debugging port, ended politely or killed with everything it started.
 * Playwright's own launcher cannot do the last, and its ordinary contexts keep the private file system in memory.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { chromiumArgs, findChromium } from "../scripts/chromium.mjs";

const STARTED_WITHIN_MS = 60_000;
const CLOSED_WITHIN_MS = 15_000;

/** A fresh folder for a profile; whoever makes it removes it with `removeProfile`. */
export function makeProfile(): string {
  return mkdtempSync(join(tmpdir(), "dynatab-profile-"));
}

/** Chromium's last process may still be writing when the others have ended, hence the retries. */
export function removeProfile(profile: string): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** How it is to behave. */
export interface ChromiumBehaviour {
  /** Pages but the latest are in the background, as a user's are. Otherwise all are treated as if they were in front. */
  backgroundPages?: boolean;
}

/** A running Chromium. */
export class ChromiumProcess {
  readonly context: BrowserContext;
  readonly #process: ChildProcess;
  readonly #browser: Browser;

  private constructor(process: ChildProcess, browser: Browser) {
    this.#process = process;
    this.#browser = browser;
    this.context = browser.contexts()[0]!;
  }

  /** Starts Chromium on a profile; what an earlier one kept there is found again. */
  static async start(
    profile: string,
    extraArgs: readonly string[] = [],
    { backgroundPages = false }: ChromiumBehaviour = {},
  ): Promise<ChromiumProcess> {
    const executable = findChromium();
    if (executable === undefined) throw new Error("No Chromium here: run `npm run setup`, or name one in DYNATAB_CHROMIUM.");
    const args = [...chromiumArgs, ...extraArgs, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
    // A group of its own, so that all of it can be killed in one step.
    const process = spawn(executable, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
    try {
      return new ChromiumProcess(process, await chromium.connectOverCDP(await debuggingAddress(process), { noDefaults: backgroundPages }));
    } catch (error) {
      killTree(process);
      throw error;
    }
  }

  /** Ends it as a user would, waiting for what it still writes. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    const session = await this.#browser.newBrowserCDPSession();
    await session.send("Browser.close").catch(() => {
      // It may be gone before it has answered.
    });
    const timer = setTimeout(() => killTree(this.#process), CLOSED_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  }

  /** SIGKILL to every process of it at once: nothing gets to finish what it was doing. */
  async kill(): Promise<void> {
    const ended = once(this.#process, "exit");
    killTree(this.#process);
    await ended;
    await this.#browser.close().catch(() => {
      // Only Playwright's own end of the connection is left to let go of.
    });
  }
}

async function debuggingAddress({ stderr, pid }: ChildProcess): Promise<string> {
  if (!stderr || pid === undefined) throw new Error("Chromium could not be started");
  let said = "";
  const found = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Chromium gave no debugging address:\n${said}`)), STARTED_WITHIN_MS);
    stderr.on("data", (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-20_000);
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    stderr.on("close", () => {
      clearTimeout(timer);
      reject(new Error(`Chromium ended at once:\n${said}`));
    });
  });
  return found;
}

/** Kills the process's group, and any child that has left the group. */
function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  const all = [-pid, ...descendants(pid)];
  for (const each of all) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** The processes below this one, from /proc where there is one. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  let entries: string[] = [];
  try {
    entries = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  for (const entry of entries) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      // "pid (name) state ppid ...", and a name may hold spaces and brackets.
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const found: number[] = [];
  const visit = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      visit(child);
    }
  };
  visit(root);
  return found;
}
