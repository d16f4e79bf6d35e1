/** The packed package in an empty Vite project outside the checkout, and Vite's commands run in it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { freePort } from "./folder-server.ts";

const execute = promisify(execFile);
const template = fileURLToPath(new URL("./vite-project/", import.meta.url));
const vite = fileURLToPath(new URL("../node_modules/vite/bin/vite.js", import.meta.url));
const READY_WITHIN_MS = 120_000;

/** The environment of a terminal: neither the test runner's NODE_ENV, which bundlers take their mode from, nor npm's settings. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => name !== "NODE_ENV" && !/^(npm_|VITE|VITEST)/i.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

/** A copy of the empty project in which the tarball of a built package is installed. Whoever makes it removes it. */
export async function makeProject(packageFolder: string): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), "dynatab-vite-"));
  try {
    cpSync(template, project, { recursive: true });
    const env = plainEnvironment();
    const packed = await execute("npm", ["pack", packageFolder, "--json", "--pack-destination", project], { cwd: project, env });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    // The package has no dependencies of its own, so nothing is fetched.
    await execute("npm", ["install", `./${filename}`, "--offline", "--no-audit", "--no-fund"], { cwd: project, env });
    return project;
  } catch (error) {
    rmSync(project, { recursive: true, force: true });
    throw error;
  }
}

/** `vite build`. Rejects with what it printed if it fails. */
export async function viteBuild(project: string): Promise<string> {
  const { stdout, stderr } = await execute(process.execPath, [vite, "build"], { cwd: project, env: plainEnvironment() });
  return stdout + stderr;
}

/** Vite's development server, or its preview of what was built. */
export class ViteServer {
  private constructor(
    readonly address: string,
    readonly process: ChildProcess,
  ) {}

  /** Starts it and waits until it answers. */
  static async start(project: string, command: "dev" | "preview"): Promise<ViteServer> {
    const port = String(await freePort());
    const args = [vite, command, "--host", "127.0.0.1", "--port", port, "--strictPort"];
    const child = spawn(process.execPath, args, { cwd: project, env: plainEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    const server = new ViteServer(`http://127.0.0.1:${port}/`, child);
    try {
      await server.#printed(server.address);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  #printed(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      let said = "";
      const hear = (bytes: Buffer) => {
        said += stripVTControlCharacters(bytes.toString());
        if (said.includes(text)) resolve();
      };
      this.process.stdout?.on("data", hear);
      this.process.stderr?.on("data", hear);
      this.process.once("exit", () => reject(new Error(`Vite ended:\n${said}`)));
      setTimeout(() => reject(new Error(`Vite did not start:\n${said}`)), READY_WITHIN_MS).unref();
    });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }
}
