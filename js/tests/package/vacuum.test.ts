/** `db.vacuum()` and what becomes of deleted tables, in the package as it is built, over both drivers. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type * as DynatabNode from "../../src/node/index.ts";

const pkg = fileURLToPath(new URL("../../../pkg", import.meta.url));
let dynatab: typeof DynatabNode;
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  if (!existsSync(pkg)) throw new Error("The package is not built: npm run build");
  dynatab = (await import(pathToFileURL(join(pkg, "dist", "node.js")).href)) as typeof DynatabNode;
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const BODY = "x".repeat(4000);

/** A database with the tables Gone and Kept, 240 items of 4 kB in each; in a file, where that is. */
async function filled(where: "memory" | "file") {
  const folder = mkdtempSync(join(tmpdir(), "dynatab-"));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const options = where === "file" ? { file: join(folder, "db") } : {};
  const db = await dynatab.Dynatab.open("test", options);
  cleanUps.push(() => db.close());
  for (const TableName of ["Gone", "Kept"]) {
    await db.execute("CreateTable", {
      TableName,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "N" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    });
    const put = (at: number) => db.execute("PutItem", { TableName, Item: { pk: { N: `${at}` }, body: { S: BODY } } });
    await Promise.all(Array.from({ length: 240 }, (_, at) => put(at)));
  }
  return { db, options };
}

async function countKept(db: DynatabNode.Dynatab) {
  return (await db.execute("Scan", { TableName: "Kept", Select: "COUNT" })).Count;
}

test.each(["memory", "file"] as const)(
  "a database in %s becomes smaller by what it does not use, and tells how far it is",
  async (where) => {
    const { db, options } = await filled(where);
    const before = await db.stats();
    await db.execute("DeleteTable", { TableName: "Gone" });
    const told: DynatabNode.VacuumProgress[] = [];
    const answered = db.execute("GetItem", { TableName: "Kept", Key: { pk: { N: "7" } } });
    const outcome = await db.vacuum({ onProgress: (progress) => told.push(progress) });
    expect((await answered).Item?.body?.S).toBe(BODY);
    expect(told.length).toBeGreaterThan(5);
    expect(told.at(-1)).toEqual(outcome);
    expect(told.map((progress) => progress.freedBytes)).toEqual(told.map((progress) => progress.freedBytes).sort((a, b) => a - b));
    expect(outcome.freedBytes).toBeGreaterThan(900_000);
    expect(outcome).toEqual({ sizeBytes: before.sizeBytes - outcome.freedBytes, freedBytes: outcome.freedBytes, remainingBytes: 0 });
    expect(await db.stats()).toMatchObject({ sizeBytes: outcome.sizeBytes, freeBytes: 0 });
    expect(await countKept(db)).toBe(240);
    if (where === "memory") return;
    await db.close();
    const again = await dynatab.Dynatab.open("test", options);
    cleanUps.push(() => again.close());
    expect(await countKept(again)).toBe(240);
    expect((await again.stats()).sizeBytes).toBe(outcome.sizeBytes);
  },
);

test("a vacuum that is aborted keeps what it has freed, and the next one goes on", async () => {
  const { db } = await filled("file");
  await db.execute("DeleteTable", { TableName: "Gone" });
  const abort = new AbortController();
  const first = db.vacuum({
    signal: abort.signal,
    onProgress: ({ freedBytes }) => {
      if (freedBytes > 0) abort.abort(new Error("enough"));
    },
  });
  await expect(first).rejects.toThrow("enough");
  const between = await db.stats();
  expect(between.freeBytes).toBeGreaterThan(0);
  expect(await countKept(db)).toBe(240);
  expect((await db.vacuum()).sizeBytes).toBeLessThan(between.sizeBytes);
  expect((await db.stats()).freeBytes).toBe(0);
});

test("the pages of a deleted table are freed with nobody asking", async () => {
  const { db } = await filled("memory");
  const { freeBytes } = await db.stats();
  await db.execute("DeleteTable", { TableName: "Gone" });
  await vi.waitFor(async () => expect((await db.stats()).freeBytes).toBeGreaterThan(freeBytes + 900_000), 10_000);
});
