/**
 * WebAssembly memory that cannot grow any more, the engine's and SQLite's: every call is answered, nothing acknowledged is lost, and the next
 * call works. The modules are the package's own with a lower limit written into them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Dynatab, WasmModules } from "../../src/node/index.ts";
import { afterTest, databasePath, dynatab, packageFolder } from "./built-package.ts";

const MEMORY_SECTION = 5;

/** An unsigned number as WebAssembly writes it, and how to read one. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
function readLeb(bytes: Uint8Array, at: number): [value: number, next: number] {
  const byte = bytes[at]!;
  if (byte < 0x80) return [byte, at + 1];
  const [rest, next] = readLeb(bytes, at + 1);
  return [(byte & 0x7f) + rest * 0x80, next];
}

/** A module whose memory may grow by so many pages of 64 kB beyond what it begins with. */
async function limited(file: string, pages: number): Promise<WebAssembly.Module> {
  const bytes = new Uint8Array(readFileSync(join(packageFolder, "dist", file)));
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = readLeb(bytes, at + 1);
    if (bytes[at] !== MEMORY_SECTION) {
      at = start + size;
      continue;
    }
    const [least] = readLeb(bytes, start + 2);
    const section = [1, 1, ...leb(least), ...leb(least + pages)];
    const changed = [...leb(section.length), ...section];
    const module = new Uint8Array(bytes.length - size - (start - at - 1) + changed.length);
    module.set(bytes.subarray(0, at + 1));
    module.set(changed, at + 1);
    module.set(bytes.subarray(start + size), at + 1 + changed.length);
    return WebAssembly.compile(module);
  }
  throw new Error(`${file} has no memory of its own`);
}

const TableName = "Notes";
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "N" as const }],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" as const }],
};
const put = (db: Dynatab, n: number, bytes: number) =>
  db.execute("PutItem", { TableName, Item: { Id: { N: String(n) }, Data: { S: "x".repeat(bytes) } } });
const has = async (db: Dynatab, n: number) =>
  (await db.execute("GetItem", { TableName, Key: { Id: { N: String(n) } } })).Item !== undefined;

async function open(where: "memory" | "file", wasmModule: WasmModules): Promise<Dynatab> {
  const db = await dynatab.Dynatab.open("test", where === "file" ? { file: databasePath(), wasmModule } : { wasmModule });
  afterTest(() => db.close());
  await db.execute("CreateTable", definition);
  return db;
}

describe.each(["memory", "file"] as const)("a database in %s", (where) => {
  test("whose engine runs out of memory tells everybody who waits, and goes on with all that was acknowledged", async () => {
    const db = await open(where, { engine: await limited("dynatab.wasm", 24) });
    for (let n = 0; n < 20; n += 1) await put(db, n, 1000);
    // Some 12 MB in one turn, where the engine may have one and a half.
    const flood = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => put(db, 1000 + n, 300_000)));
    for (const outcome of flood) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(dynatab.EngineCrashedError);
    for (let n = 0; n < 20; n += 1) expect(await has(db, n), `item ${n}`).toBe(true);
    for (const [n, outcome] of flood.entries()) if (outcome.status === "fulfilled") expect(await has(db, 1000 + n)).toBe(true);
    await put(db, 20, 1000);
    expect(await has(db, 20)).toBe(true);
    expect((await db.counters()).epochs, "engines").toBeGreaterThan(1);
  });
});

describe.each([
  { where: "memory", file: "sqljs.wasm", module: "sqlJs" },
  { where: "file", file: "wa-sqlite.wasm", module: "waSqlite" },
] as const)("a database in $where", ({ where, file, module }) => {
  test("whose SQLite runs out of memory refuses the request by name, keeps the others, and goes on", async () => {
    const db = await open(where, { [module]: await limited(file, 64) });
    const kept: number[] = [];
    let refusal: unknown;
    for (let n = 0; n < 120 && refusal === undefined; n += 1) {
      await put(db, n, 390_000).then(
        () => kept.push(n),
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    if (where === "memory") {
      expect(refusal).toBeInstanceOf(dynatab.QuotaExceededError);
      expect(refusal).toMatchObject({ message: expect.stringMatching(/memory/) });
    }
    for (const n of kept) expect(await has(db, n), `item ${n}`).toBe(true);
    for (const n of kept.slice(0, 5)) await db.execute("DeleteItem", { TableName, Key: { Id: { N: String(n) } } });
    await put(db, 9999, 1000);
    expect(await has(db, 9999)).toBe(true);
  });
});
