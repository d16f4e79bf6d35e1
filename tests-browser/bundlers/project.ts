/** A small project that uses the packed package with one bundler: made outside the checkout, built, served, visited. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { bundlersDir } from "../../scripts/bundlers.mjs";
import { freePort, type Served, serveFolder } from "../folder-server.ts";
import { plainEnvironment } from "../vite-command.ts";

const execute = promisify(execFile);
const here = fileURLToPath(new URL("./", import.meta.url));
const READY_WITHIN_MS = 120_000;
/** The environment of a terminal, and what these projects' configurations read. */
function environment(): NodeJS.ProcessEnv {
  return { ...plainEnvironment(), NEXT_TELEMETRY_DISABLED: "1", BUNDLERS_ROOT: bundlersDir() };
}

/** Packs a built package; returns the tarball, in a folder of its own. */
export async function pack(packageFolder: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "dynatab-packed-"));
  const { stdout } = await execute("npm", ["pack", packageFolder, "--json", "--pack-destination", folder], { cwd: folder });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, filename);
}

/** A project in a folder below the bundlers, so that it finds them. */
export class Project {
  private constructor(readonly folder: string) {}

  /** The application, an overlay's files over it, and the tarball, installed as a user does. `script` is what its page loads. */
  static async make(
    name: string,
    tarball: string,
    { overlay, script }: { overlay?: string | undefined; script?: string | undefined },
  ): Promise<Project> {
    const above = join(bundlersDir(), "projects");
    mkdirSync(above, { recursive: true });
    const folder = mkdtempSync(join(above, `${name}-`));
    const project = new Project(folder);
    try {
      cpSync(join(here, "app"), folder, { recursive: true });
      if (overlay !== undefined) cpSync(join(here, overlay), folder, { recursive: true });
      if (script !== undefined) {
        const page = join(folder, "index.html");
        writeFileSync(page, readFileSync(page, "utf8").replace("./main.js", script));
      }
      const manifest = join(folder, "package.json");
      const settings = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, "utf8")) as object) : {};
      writeFileSync(manifest, JSON.stringify({ name: `visits-${name}`, private: true, type: "module", ...settings }));
      // The package has no dependencies of its own, so nothing is fetched.
      await project.npm("install", tarball, "--offline", "--no-audit", "--no-fund", "--legacy-peer-deps");
      return project;
    } catch (error) {
      project.remove();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async npm(...args: string[]): Promise<void> {
    await execute("npm", args, { cwd: this.folder, env: environment() });
  }

  /** Runs one of the bundlers' commands to its end; rejects with what it printed. */
  async run(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const [file, args] = this.#command(command);
    try {
      const { stdout, stderr } = await execute(file, args, {
        cwd: this.folder,
        env: { ...environment(), ...env },
        maxBuffer: 1 << 26,
      });
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command.join(" ")}: ${String(error)}\n${stdout}\n${stderr}`);
    }
  }

  /** Starts a development server, which is told its port in place of `PORT`, and waits until it answers. */
  async serveWith(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Served> {
    const port = await freePort();
    const [file, args] = this.#command(command.map((word) => word.replace("PORT", String(port))));
    // A group of its own, because most of these start further processes.
    const child = spawn(file, args, {
      cwd: this.folder,
      env: { ...environment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const address = `http://127.0.0.1:${port}/`;
    try {
      await answers(address, child);
    } catch (error) {
      await end(child);
      throw error;
    }
    return { address, stop: () => end(child) };
  }

  /** Serves a folder of the project as it is, with these headers on every answer. */
  serveFolder(path = ".", headers: Record<string, string> = {}): Promise<Served> {
    return serveFolder(join(this.folder, path), headers);
  }

  /** `node file` stays with this Node; anything else is a command the bundlers' packages bring. */
  #command([name, ...args]: readonly string[]): [string, string[]] {
    return name === "node" ? [process.execPath, args] : [join(bundlersDir(), "node_modules", ".bin", name!), args];
  }
}

async function answers(address: string, child: ChildProcess): Promise<void> {
  let said = "";
  const hear = (bytes: Buffer) => {
    said += stripVTControlCharacters(bytes.toString());
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && child.exitCode === null) {
    const status = await fetch(address).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The development server did not answer:\n${said}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  process.kill(-child.pid!, "SIGKILL");
  await ended;
}
