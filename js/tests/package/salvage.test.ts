/** Databases that are missing, damaged, foreign or newer: reported, kept, never made anew; and what can still be had of them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Salvage, SalvagedItem } from "../../src/node/index.ts";
import { databasePath, dynatab, openDatabase } from "./built-package.ts";

const TableName = "Music";
const PAGE = 8192;
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: ["Artist", "Genre"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
  KeySchema: [{ AttributeName: "Artist", KeyType: "HASH" as const }],
  GlobalSecondaryIndexes: [
    {
      IndexName: "Genres",
      KeySchema: [{ AttributeName: "Genre", KeyType: "HASH" as const }],
      Projection: { ProjectionType: "ALL" as const },
    },
  ],
};
const item = (n: number) => ({ Artist: { S: `Artist ${n}` }, Genre: { S: "Rock" }, Data: { B: new Uint8Array(200).fill(n) } });
const ITEMS = 400;

/** A database in a file, closed. */
async function made(): Promise<string> {
  const file = databasePath();
  const db = await openDatabase(file);
  await db.execute("CreateTable", definition);
  await Promise.all(Array.from({ length: ITEMS }, (_, n) => db.execute("PutItem", { TableName, Item: item(n) })));
  await db.close();
  return file;
}

const data = (file: string) => join(file, "data.sqlite");
const contents = (file: string) =>
  Object.fromEntries(readdirSync(file).map((name) => [name, readFileSync(join(file, name)).toString("base64")]));

/** Opens it, which must fail with that error, and must change nothing. */
async function refused(file: string, name: string): Promise<void> {
  const before = contents(file);
  const error = await openDatabase(file).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ name });
  expect(error).toBeInstanceOf(dynatab.DynatabError);
  expect(contents(file)).toEqual(before);
}

async function salvaged(file: string): Promise<{ salvage: Salvage; items: SalvagedItem[] }> {
  const before = contents(file);
  const salvage = await dynatab.Dynatab.salvage("test", { file });
  const items: SalvagedItem[] = [];
  for await (const found of salvage.items()) items.push(found);
  expect(contents(file)).toEqual(before);
  return { salvage, items };
}

const numbers = (items: SalvagedItem[]) => items.map(({ item: { Artist } }) => Number(Artist?.S?.split(" ")[1])).sort((a, b) => a - b);
const all = Array.from({ length: ITEMS }, (_, n) => n);

/** Pages of the database whose first byte says that they are leaves of a table, found by what lies in them. */
function leavesHolding(file: string, text: string): number[] {
  const bytes = readFileSync(data(file));
  const pages = Array.from({ length: bytes.length / PAGE }, (_, page) => page);
  return pages.filter((page) => bytes[page * PAGE] === 0x0d && bytes.subarray(page * PAGE, (page + 1) * PAGE).includes(text));
}

function damage(file: string, pages: number[]): void {
  const bytes = readFileSync(data(file));
  for (const page of pages) bytes.fill(0xee, page * PAGE, (page + 1) * PAGE);
  writeFileSync(data(file), bytes);
}

describe("a sound database", () => {
  test("gives its files, its tables as CreateTable takes them, and all its items", async () => {
    const file = await made();
    const { salvage, items } = await salvaged(file);
    expect(Object.keys(salvage.files).sort()).toEqual(["data.sqlite", "data.sqlite-journal", "data.sqlite-wal"]);
    expect(Buffer.from(await salvage.files["data.sqlite"]!.arrayBuffer()).equals(readFileSync(data(file)))).toBe(true);
    expect(await salvage.tables()).toEqual([
      { ...definition, AttributeDefinitions: expect.arrayContaining(definition.AttributeDefinitions) },
    ]);
    expect(numbers(items)).toEqual(all);
    expect(items.find(({ item: { Artist } }) => Artist?.S === "Artist 7")).toEqual({ tableName: TableName, item: item(7) });
    expect(salvage.problems).toEqual([]);
  });

  test("that was not closed is read with what stands in its log", async () => {
    const file = databasePath();
    const db = await openDatabase(file);
    await db.execute("CreateTable", definition);
    await db.execute("PutItem", { TableName, Item: item(1) });
    const copy = databasePath();
    mkdirSync(copy);
    for (const name of ["data.sqlite", "data.sqlite-wal"]) writeFileSync(join(copy, name), readFileSync(join(file, name)));
    expect(numbers((await salvaged(copy)).items)).toEqual([1]);
  });

  test("is not salvaged, and not deleted, while it is open", async () => {
    const file = await made();
    const db = await openDatabase(file);
    await expect(dynatab.Dynatab.salvage("test", { file })).rejects.toMatchObject({ name: "DatabaseBusyError" });
    await expect(dynatab.Dynatab.delete("test", { file })).rejects.toMatchObject({ name: "DatabaseBusyError" });
    expect((await db.execute("Scan", { TableName, Select: "COUNT" })).Count).toBe(ITEMS);
  });
});

describe("a damaged database", () => {
  test("says so in the request that meets the damage; the rest is answered, and salvaged", async () => {
    const file = await made();
    const leaves = leavesHolding(file, '"Artist":{"S":"Artist 1');
    const hit = [leaves[1]!, leaves[4]!];
    damage(file, hit);
    const db = await openDatabase(file);
    await expect(db.execute("Scan", { TableName })).rejects.toMatchObject({
      name: "DatabaseCorruptError",
      message: expect.stringContaining("salvage"),
    });
    await db.close();
    const { salvage, items } = await salvaged(file);
    expect(salvage.problems.length).toBeGreaterThan(0);
    const lost = all.length - items.length;
    // Two leaves of some 25 items each.
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(100);
    expect(new Set(numbers(items)).size).toBe(items.length);
    for (const found of items) expect(found.item).toEqual(item(Number(found.item.Artist?.S?.split(" ")[1])));
    // What was salvaged makes a new database.
    await dynatab.Dynatab.delete("test", { file });
    const anew = await openDatabase(file);
    for (const table of await salvage.tables()) await anew.execute("CreateTable", table);
    await Promise.all(items.map((each) => anew.execute("PutItem", { TableName: each.tableName, Item: each.item })));
    expect((await anew.execute("Scan", { TableName, Select: "COUNT" })).Count).toBe(items.length);
  });

  test("whose table is gone from its root down gives the other tables", async () => {
    const file = await made();
    const db = await openDatabase(file);
    await db.execute("CreateTable", { ...definition, TableName: "Other" });
    await db.execute("PutItem", { TableName: "Other", Item: item(3) });
    await db.close();
    const bytes = readFileSync(data(file));
    // Interior pages of tables, the root of the only table that is large enough to have one.
    const roots = Array.from({ length: bytes.length / PAGE }, (_, page) => page).filter((page) => page > 0 && bytes[page * PAGE] === 0x05);
    damage(file, roots);
    const { salvage, items } = await salvaged(file);
    expect(items).toContainEqual({ tableName: "Other", item: item(3) });
    expect(salvage.problems.length).toBeGreaterThan(0);
  });

  test("whose file is no database any more is refused; its files can be had", async () => {
    const file = await made();
    const bytes = readFileSync(data(file));
    bytes.fill(0, 0, 100);
    writeFileSync(data(file), bytes);
    await refused(file, "DatabaseCorruptError");
    const { salvage, items } = await salvaged(file);
    expect(items).toEqual([]);
    expect(await salvage.tables()).toEqual([]);
    expect(salvage.problems).toEqual([expect.stringContaining("cannot open the file")]);
    expect(salvage.files["data.sqlite"]!.size).toBe(bytes.length);
  });
});

describe("a database whose file is lost is refused, not made anew", () => {
  test("when the file is gone", async () => {
    const file = await made();
    rmSync(data(file));
    await refused(file, "DatabaseCorruptError");
    expect((await salvaged(file)).items).toEqual([]);
  });

  test("when the file was emptied and its log was not", async () => {
    const file = databasePath();
    const db = await openDatabase(file);
    await db.execute("CreateTable", definition);
    const copy = databasePath();
    mkdirSync(copy);
    for (const name of ["data.sqlite", "data.sqlite-wal", "data.sqlite-journal"])
      writeFileSync(join(copy, name), readFileSync(join(file, name)));
    truncateSync(data(copy), 0);
    await refused(copy, "DatabaseCorruptError");
  });
});

test("a newer database is refused and left as it is", async () => {
  const file = await made();
  const bytes = readFileSync(data(file));
  bytes.writeUInt32BE(999, 60);
  writeFileSync(data(file), bytes);
  const before = readFileSync(data(file));
  await expect(openDatabase(file)).rejects.toMatchObject({ name: "VersionMismatchError", message: expect.stringContaining("newer") });
  expect(readFileSync(data(file)).subarray(0, 100).equals(before.subarray(0, 100))).toBe(true);
});

describe("databases in a folder", () => {
  test("are listed, and deleted one by one", async () => {
    const folder = dirname(databasePath());
    for (const name of ["b", "a"]) await (await openDatabase(join(folder, name))).close();
    mkdirSync(join(folder, "something else"));
    const { list, delete: remove } = dynatab.Dynatab;
    expect(await list(folder)).toEqual([join(folder, "a"), join(folder, "b")]);
    await remove("test", { file: join(folder, "a") });
    expect(await list(folder)).toEqual([join(folder, "b")]);
    expect(existsSync(join(folder, "a"))).toBe(false);
    await remove("test", { file: join(folder, "a") });
    await expect(remove("test", {})).rejects.toMatchObject({ name: "InvalidOptionError" });
    expect(await list(join(folder, "nowhere"))).toEqual([]);
  });

  test("are deleted without what else is in their folder", async () => {
    const file = await made();
    writeFileSync(join(file, "notes.txt"), "mine");
    await dynatab.Dynatab.delete("test", { file });
    expect(readdirSync(file)).toEqual(["notes.txt"]);
    const db = await openDatabase(file);
    expect((await db.execute("ListTables", {})).TableNames).toEqual([]);
  });
});
