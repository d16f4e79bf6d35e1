/** `db.vacuum()` and what becomes of deleted tables, in the package as it is built, over both drivers. */
import { expect, test, vi } from "vitest";
import type { Dynatab, VacuumProgress } from "../../src/node/index.ts";
import { databasePath, openDatabase } from "./built-package.ts";

const BODY = "x".repeat(4000);

/** A database with the tables Gone and Kept, 240 items of 4 kB in each; in a file, where that is. */
async function filled(where: "memory" | "file") {
  const file = where === "file" ? databasePath() : undefined;
  const db = await openDatabase(file);
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
  return { db, file };
}

async function countKept(db: Dynatab) {
  return (await db.execute("Scan", { TableName: "Kept", Select: "COUNT" })).Count;
}

test.each(["memory", "file"] as const)(
  "a database in %s becomes smaller by what it does not use, and tells how far it is",
  async (where) => {
    const { db, file } = await filled(where);
    const before = await db.stats();
    await db.execute("DeleteTable", { TableName: "Gone" });
    const told: VacuumProgress[] = [];
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
    const again = await openDatabase(file);
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
