import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockDirectory } from "../../src/drivers/vfs/node-lock.ts";
import { DatabaseBusyError } from "../../src/drivers/vfs/sync-file.ts";

let directory: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dynatab-lock-"));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

/** Another process that lives until it is killed, and the lock it would have written. */
async function otherProcess(): Promise<{ lock: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  const start = process.platform === "linux" ? readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] : "-";
  const kill = () =>
    new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  return { lock: `${child.pid} ${start}\n`, kill };
}

it("a directory has one holder at a time", () => {
  const unlock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DatabaseBusyError);
  unlock();
  lockDirectory(directory)();
  expect(readdirSync(directory)).toEqual([]);
});

it("a lock of a living process is respected, and taken over once that process is gone", async () => {
  const other = await otherProcess();
  writeFileSync(join(directory, "lock"), other.lock);
  expect(() => lockDirectory(directory)).toThrow(DatabaseBusyError);
  await other.kill();
  const unlock = lockDirectory(directory);
  expect(readdirSync(directory)).toEqual(["lock"]);
  unlock();
});

it.runIf(process.platform === "linux")("a lock whose process id was given to another process is taken over", () => {
  writeFileSync(join(directory, "lock"), `${process.pid} 1\n`);
  lockDirectory(directory)();
});

it("a lock nobody can have written is taken over", () => {
  writeFileSync(join(directory, "lock"), "");
  lockDirectory(directory)();
});
