/**
 * Running commands as named steps: each step prints its name and how long it took. A command's output is kept and shown only when it
 * fails; while a long one runs, its last line is shown now and then, so that nobody looks at a silent screen.
 */
import { spawn, spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { root, toolEnv } from "./paths.mjs";

const PROGRESS_EVERY_MS = 10_000;

/** A command that ended badly. `output` is everything it printed. */
export class CommandFailed extends Error {
  constructor(command, args, ending, output) {
    super(`${[command, ...args].join(" ")} ended with ${ending}`);
    this.name = "CommandFailed";
    this.output = output;
  }
}

function lastLine(text) {
  const lines = stripVTControlCharacters(text.slice(-2000))
    .trimEnd()
    .split(/[\r\n]/);
  return (lines.pop() ?? "").trim().slice(0, 110);
}

function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * Runs one command to its end and returns what it printed (stdout and stderr together).
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, seconds?: number }} [options]
 *   `seconds` is a limit after which the command and everything it started is killed
 */
export function run(command, args, { cwd = root, env = toolEnv(), seconds = 0 } = {}) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the limit reaches the grandchildren (browsers, rustc) too.
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const started = performance.now();
    let output = "";
    let timedOut = false;
    const atLimit = () => {
      timedOut = true;
      killGroup(child);
    };
    const limit = seconds > 0 ? setTimeout(atLimit, seconds * 1000) : undefined;
    const progress = setInterval(() => {
      process.stdout.write(`         ${duration(performance.now() - started)}: ${lastLine(output) || command}\n`);
    }, PROGRESS_EVERY_MS);
    const interrupted = () => {
      killGroup(child);
      process.exit(130);
    };
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
    const ended = () => {
      clearTimeout(limit);
      clearInterval(progress);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    };
    const take = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => {
      ended();
      reject(new CommandFailed(command, args, error.message, output));
    });
    child.on("close", (code, signal) => {
      ended();
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, args, timedOut ? `a kill after ${seconds} s` : (signal ?? `code ${code}`), output));
    });
  });
}

/** The trimmed stdout of a quick command, or undefined where it cannot run or fails. */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8", env: toolEnv() });
  return status === 0 ? stdout.trim() : undefined;
}

/** `12.3 s`, or `4 min 05 s` from two minutes on. */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/** Runs `work` as a named step and prints how long it took; what it returns is passed on, what it throws too. */
export async function step(name, work) {
  const started = performance.now();
  process.stdout.write(`> ${name}\n`);
  try {
    const result = await work();
    process.stdout.write(`  ok     ${name} (${duration(performance.now() - started)})\n`);
    return result;
  } catch (error) {
    process.stdout.write(`  FAILED ${name} (${duration(performance.now() - started)})\n`);
    throw error;
  }
}

/** Ends a script whose work threw: the failing command's output first, then the sentence. */
export function fail(error) {
  if (error instanceof CommandFailed) process.stderr.write(`${error.output.trimEnd()}\n\n${error.message}\n`);
  else process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
}
