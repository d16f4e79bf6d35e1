/**
 * Starts a SQLite module, with a heap of its own.
 *
 * The packages' scripts would surround it with an emulated file system, a terminal and wrappers around every function, of which nothing is
 * used here: databases are in memory or in files of our own file system. So the module is started without them: it gets the time, entropy and
 * room to grow, and every other import is answered as a system answers that cannot do what is asked.
 */
import { SQLITE_NOMEM, SqliteError } from "./driver.ts";

/** What an import is for. `relay` calls a method of the JavaScript object that SQLite was given. */
type Import = "abort" | "dateNow" | "now" | "heapLimit" | "resizeHeap" | "environment" | "open" | "read" | "close" | "relay";

/** What the imports and exports of a build are called; see `generated/sqlite-builds.ts`. */
export interface SqliteBuild {
  readonly imports: Readonly<Record<string, Import>>;
  readonly exports: Readonly<Record<string, string>>;
}

/** A method that SQLite calls, found by its name. */
export type Relay = (method: string) => (...args: number[]) => number;

/** A started module: the functions named in the build, and its memory. */
export interface StartedModule<Exports> {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
}

const PAGE_BYTES = 65536;
/** Both builds are compiled for this much. */
const MOST_BYTES = 2 ** 31;
/** Growing by a fifth at a time, and by at most this much, keeps the number of growths small. */
const MOST_GROWTH = 96 << 20;
/** The system's "function not implemented". */
const ENOSYS = -52;
/** And its "no such file or directory". */
const ENOENT = -44;

/** SQLite's pseudo-random numbers, which tell one write-ahead log from the next, begin with bytes of this file: the only one there is. */
const ENTROPY_FILE = "/dev/urandom";
/** Not one of the first three, which SQLite would refuse to use. */
const ENTROPY_DESCRIPTOR = 3;

/** Makes a fresh instance of a compiled module. `relay` finds the methods of a file system, where one will be registered. */
export async function startSqlite<Exports>(
  module: WebAssembly.Module,
  build: SqliteBuild,
  relay: Relay = () => () => ENOSYS,
): Promise<StartedModule<Exports>> {
  const methods = new Map<number, (...args: number[]) => number>();
  let memory: WebAssembly.Memory;
  const answers: Record<Import, (...args: number[]) => number> = {
    abort() {
      throw new WebAssembly.RuntimeError("SQLite aborted");
    },
    dateNow: () => Date.now(),
    now: () => performance.now(),
    heapLimit: () => MOST_BYTES,
    resizeHeap: (bytes = 0) => Number(grow(memory, bytes >>> 0)),
    environment: () => ENOSYS,
    open: (_folder, path = 0) => (textAt(memory, path) === ENTROPY_FILE ? ENTROPY_DESCRIPTOR : ENOENT),
    read: (_descriptor, vectors = 0, count = 0, readOut = 0) => readEntropy(memory, vectors, count, readOut),
    close: () => 0,
    // The name of a method stands at the same place in every call.
    relay(_receiver, name = 0, ...args) {
      let method = methods.get(name);
      if (method === undefined) {
        method = relay(textAt(memory, name));
        methods.set(name, method);
      }
      return method(...args);
    },
  };
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const meaning = build.imports[name];
    imports[from] ??= {};
    imports[from][name] = meaning === undefined ? () => ENOSYS : answers[meaning];
  }
  const instance = await WebAssembly.instantiate(module, imports);
  const started = openInstance<Exports & { initialize(): void }>(instance, build);
  memory = started.memory;
  started.exports.initialize();
  return started;
}

/** An instance's functions under their own names, and its memory. */
export function openInstance<Exports>(instance: WebAssembly.Instance, build: SqliteBuild): StartedModule<Exports> {
  const named = Object.entries(build.exports).map(([name, short]) => [name, instance.exports[short]]);
  return { exports: Object.fromEntries(named) as Exports, memory: exportedMemory(instance) };
}

/** The one memory among an instance's exports; their names are minified. */
function exportedMemory(instance: WebAssembly.Instance): WebAssembly.Memory {
  for (const value of Object.values(instance.exports)) {
    if (value instanceof WebAssembly.Memory) return value;
  }
  throw new SqliteError(SQLITE_NOMEM, "the SQLite module exports no memory");
}

/** Grows a memory to at least so many bytes, and by more where there is room for it; tells whether it could. */
function grow(memory: WebAssembly.Memory, atLeast: number): boolean {
  const size = memory.buffer.byteLength;
  for (const wanted of [Math.min(size * 1.2, atLeast + MOST_GROWTH), atLeast]) {
    const bytes = Math.min(Math.max(wanted, atLeast), MOST_BYTES);
    if (bytes < atLeast) return false;
    try {
      memory.grow(Math.ceil((bytes - size) / PAGE_BYTES));
      return true;
    } catch {
      // Less may still be had.
    }
  }
  return false;
}

/** Fills the buffers that (pointer, length) pairs describe, and writes how many bytes that were. */
function readEntropy(memory: WebAssembly.Memory, vectors: number, count: number, readOut: number): 0 {
  const view = new DataView(memory.buffer);
  let read = 0;
  for (let vector = vectors; vector < vectors + 8 * count; vector += 8) {
    const length = view.getUint32(vector + 4, true);
    crypto.getRandomValues(new Uint8Array(memory.buffer, view.getUint32(vector, true), length));
    read += length;
  }
  view.setUint32(readOut, read, true);
  return 0;
}

function textAt(memory: WebAssembly.Memory, at: number): string {
  const bytes = new Uint8Array(memory.buffer);
  return String.fromCharCode(...bytes.subarray(at, bytes.indexOf(0, at)));
}
