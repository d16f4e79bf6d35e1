/**
 * Running commands as named steps: each step prints its name and how long it took; its output is kept and shown only when it fails
 * (or as it comes, with `show: true`).
 */
import { spawn, spawnSync } from "node:child_process";
import { root, toolEnv } from "./paths.mjs";

/** A command that ended badly. `output` is everything it printed. */
export class CommandFailed extends Error {
  constructor(command, args, code, output) {
    super(`${[command, ...args].join(" ")} ended with ${code}`);
    this.name = "CommandFailed";
    this.output = output;
  }
}

/**
 * Runs one command to its end and returns what it printed (stdout and stderr together).
 * `show` passes the output through as it comes; `seconds` is a limit after which the command is killed.
 */
export function run(command, args, { cwd = root, env = toolEnv(), show = false, seconds = 0 } = {}) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the limit ends the grandchildren (browsers, rustc) too.
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: seconds > 0 });
    let output = "";
    let timer;
    let timedOut = false;
    if (seconds > 0) {
      timer = setTimeout(() => {
        timedOut = true;
        try {
          process.kill(-child.pid, "SIGKILL");
        } catch {
          // It ended by itself in the meantime.
        }
      }, seconds * 1000);
    }
    const take = (chunk) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new CommandFailed(command, args, error.message, output));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, args, timedOut ? `a kill after ${seconds} s` : (signal ?? `code ${code}`), output));
    });
  });
}

/** The trimmed stdout of a quick command, or undefined where it cannot run or fails. */
export function ask(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8", env: toolEnv(), ...options });
  return status === 0 ? stdout.trim() : undefined;
}

/** `12.3 s`, or `4 min 05 s` from two minutes on. */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, "0")} s`;
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
