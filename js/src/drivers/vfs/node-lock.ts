/**
 * One holder per directory, across connections and processes, with a file: Node has no advisory locks.
 *
 * The file names its holder by process id and start time, since ids are used again: after a restart, in containers, at once. A lock whose
 * process is gone is taken over.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseBusyError } from "./sync-file.ts";

const LOCK_NAME = "lock";
let taken = 0;

/** Takes the directory's lock, or throws `DatabaseBusyError`. Gives the function that lets go. */
export function lockDirectory(directory: string): () => void {
  const lock = join(directory, LOCK_NAME);
  taken += 1;
  // Written beside and linked into place: the lock is never seen half-written.
  const own = `${lock}.${process.pid}.${taken}`;
  writeFileSync(own, holder(process.pid));
  try {
    if (!link(own, lock)) {
      setAsideIfStale(lock, `${own}.stale`);
      if (!link(own, lock)) throw busy(directory);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

function busy(directory: string): DatabaseBusyError {
  return new DatabaseBusyError(`the database in ${directory} is open in another connection or process`);
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Moves a dead holder's lock away. If two do so at once, the one who moved the other's fresh lock puts it back. */
function setAsideIfStale(lock: string, aside: string): void {
  const found = readText(lock);
  if (found === undefined || isAlive(found)) return;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (readText(aside) !== found) link(aside, lock);
  rmSync(aside, { force: true });
}

function isAlive(text: string): boolean {
  const pid = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
  return text === holder(pid);
}

/** A process's id and, where the system tells, its start time. */
function holder(pid: number): string {
  return `${pid} ${startTime(pid)}\n`;
}

function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; the start time is the 20th field after it.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
