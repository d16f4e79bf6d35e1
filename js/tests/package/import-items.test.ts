/** `db.importItems()` in the package as it is built: what it reads, what it makes of it, how it ends and goes on. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Dynatab as Database, ImportProgress, ImportSource } from "../../src/node/index.ts";
import { databasePath, dynatab, openDatabase as open } from "./built-package.ts";

const TABLE = "Music";

async function createTable(db: Database, indexed = false): Promise<void> {
  await db.execute("CreateTable", {
    TableName: TABLE,
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "n", AttributeType: "N" },
      ...(indexed ? [{ AttributeName: "g", AttributeType: "S" as const }] : []),
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "n", KeyType: "RANGE" },
    ],
    ...(indexed
      ? {
          GlobalSecondaryIndexes: [
            {
              IndexName: "byG",
              KeySchema: [{ AttributeName: "g", KeyType: "HASH" as const }],
              Projection: { ProjectionType: "ALL" as const },
            },
          ],
        }
      : {}),
    BillingMode: "PAY_PER_REQUEST",
  });
}

type Item = Record<string, object>;

async function items(db: Database, IndexName?: string): Promise<Item[]> {
  const found: Item[] = [];
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await db.execute("Scan", {
      TableName: TABLE,
      ...(IndexName ? { IndexName } : {}),
      ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
    });
    found.push(...((page.Items ?? []) as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (ExclusiveStartKey);
  const place = (item: Item) => JSON.stringify([item.pk, item.n]);
  return found.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

const item = (at: number): Item => ({ pk: { S: `p${at % 5}` }, n: { N: String(at) }, v: { S: `é${at}` } });
const ten = Array.from({ length: 10 }, (_, at) => item(at));
const lines = ten.map((each) => `${JSON.stringify({ Item: each })}\n`).join("");
const bytes = new TextEncoder().encode(lines);
const inOrder = (all: Item[]) => [...all].sort((a, b) => (JSON.stringify([a.pk, a.n]) < JSON.stringify([b.pk, b.n]) ? -1 : 1));

async function* pieces<T>(all: Iterable<T>): AsyncGenerator<T> {
  yield* all;
}

/** The bytes one by one. */
const singly = () => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

test.each<[string, () => ImportSource]>([
  ["a text", () => lines],
  ["bytes", () => bytes],
  ["a blob", () => new Blob([lines])],
  ["a packed blob", () => new Blob([gzipSync(lines)])],
  ["a list of files, packed and not", () => [new Blob([gzipSync(lines.slice(0, lines.indexOf("\n") + 1))]), new Blob([lines])]],
  ["a stream", () => new Blob([lines]).stream()],
  ["a packed stream", () => new Blob([gzipSync(lines)]).stream()],
  ["a response", () => new Response(lines)],
  ["pieces of bytes", () => pieces(singly())],
  ["pieces of a packed text", () => pieces([...gzipSync(lines)].map((byte) => Uint8Array.of(byte)))],
  ["pieces of text", () => [...lines]],
  ["items", () => pieces(ten)],
  ["items as an export has them", () => ten.map((each) => ({ Item: each }))],
  ["an array of items as text", () => JSON.stringify(ten)],
])("%s is read", async (_, source) => {
  const db = await open();
  await createTable(db);
  const told: ImportProgress[] = [];
  const result = await db.importItems(TABLE, source(), { onProgress: (progress) => told.push(progress) });
  expect(result.rejections).toEqual([]);
  expect(result.items).toBeGreaterThanOrEqual(10);
  expect(await items(db)).toEqual(inOrder(ten));
  expect(told.at(-1)).toMatchObject({ phase: "reading", items: result.items, rejected: 0, bytes: result.bytes });
  expect(told.map(({ bytes: read }) => read)).toEqual(told.map(({ bytes: read }) => read).sort((a, b) => a - b));
});

test("plain JSON keeps the digits of its numbers, and plain items those of a bigint", async () => {
  const db = await open();
  await createTable(db);
  const digits = "12345678901234567890123456789012345678";
  await db.importItems(TABLE, `{"pk":"text","n":1,"big":${digits},"list":[null,{"a":0.10}]}`, { format: "json" });
  await db.importItems(TABLE, [{ pk: "item", n: 2, big: BigInt(digits), gone: undefined, list: [null, { a: 0.1 }] }], { format: "json" });
  const list = { L: [{ NULL: true }, { M: { a: { N: "0.1" } } }] };
  expect(await items(db)).toEqual([
    { pk: { S: "item" }, n: { N: "2" }, big: { N: digits }, list },
    { pk: { S: "text" }, n: { N: "1" }, big: { N: digits }, list },
  ]);
});

test("a CSV's columns are typed by the table's keys and as they are said to be", async () => {
  const db = await open();
  await createTable(db);
  const csv = [
    "\u{feff}pk,n,name,age,ok,bin",
    'a,1,"O\'Neill, ""Jo""\nJr.",42,true,AQI=',
    "b,2,,,,",
    "",
    "c,3,x,not a number,true,AQI=",
    "d,4,x,1,true,AQI=,too,many",
    "e,five,x,1,true,AQI=",
    "f,6,end",
  ].join("\r\n");
  const source = () => pieces(Array.from(new TextEncoder().encode(csv), (byte) => Uint8Array.of(byte)));
  const types = { age: "N", ok: "BOOL", bin: "B" } as const;
  for (const file of [source(), new Blob([gzipSync(csv)]), csv]) {
    const result = await db.importItems(TABLE, file, { format: "csv", types });
    expect(result).toMatchObject({ items: 3, rejected: 3 });
    expect(result.rejections).toEqual([
      {
        record: 3,
        name: "ValidationException",
        message: "1 validation error detected: The parameter cannot be converted to a numeric value: not a number",
      },
      { record: 4, name: "CsvError", message: "The row has 8 cells, the first row names 6" },
      {
        record: 5,
        name: "ValidationException",
        message: "1 validation error detected: The parameter cannot be converted to a numeric value: five",
      },
    ]);
    expect(await items(db)).toEqual([
      {
        pk: { S: "a" },
        n: { N: "1" },
        name: { S: 'O\'Neill, "Jo"\nJr.' },
        age: { N: "42" },
        ok: { BOOL: true },
        bin: { B: Uint8Array.of(1, 2) },
      },
      { pk: { S: "b" }, n: { N: "2" } },
      { pk: { S: "f" }, n: { N: "6" }, name: { S: "end" } },
    ]);
  }
});

test("a file is known to be CSV by its name, and its cells may be separated otherwise", async () => {
  const db = await open();
  await createTable(db);
  const file = Object.assign(new Blob(["pk;n\na;1\nb;2\n"]), { name: "export.csv" });
  await db.importItems(TABLE, file, { delimiter: ";" });
  expect(await items(db)).toHaveLength(2);
});

test("what is no item is counted, and listed with its place and PutItem's message as far as wished", async () => {
  const db = await open();
  await createTable(db);
  const bad = { pk: { N: "1" }, n: { N: "1" } };
  const result = await db.importItems(TABLE, [item(0), bad, item(1), bad, bad], { mostRejections: 2 });
  const message = "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N";
  expect(result).toMatchObject({ items: 2, rejected: 3 });
  expect(result.rejections).toEqual([2, 4].map((record) => ({ record, name: "ValidationException", message })));
  const stopped = db.importItems(TABLE, [item(2), bad, item(3)], { stopAtFirstRejection: true });
  await expect(stopped).rejects.toMatchObject({
    name: "ImportRejectedError",
    rejection: { record: 2, name: "ValidationException", message },
  });
  expect(await items(db)).toEqual(inOrder([0, 1, 2].map(item)));
});

test("an import that was broken off goes on with the same token, in another opening of the database", async () => {
  const file = databasePath();
  const many: Item[] = Array.from({ length: 3000 }, (_, at) => ({ ...item(at), g: { S: "g" }, pad: { S: "x".repeat(9000) } }));
  let db = await open(file);
  await createTable(db, true);
  // A run of 16 MB is stored and a second one begun.
  const enough = new Error("enough");
  const broken = db.importItems(TABLE, many, {
    clientToken: "songs",
    onProgress: ({ items: stored }) => {
      if (stored > 2500) throw enough;
    },
  });
  await expect(broken).rejects.toBe(enough);
  const before = await items(db);
  expect(before.length).toBeGreaterThan(1000);
  expect(before.length).toBeLessThan(3000);
  // Somebody changes what is there.
  const [changed] = before as [Item];
  await db.execute("PutItem", { TableName: TABLE, Item: { ...changed, v: { S: "mine" } } as never });
  await db.close();

  db = await open(file);
  const result = await db.importItems(TABLE, many, { clientToken: "songs" });
  expect(result).toMatchObject({ items: 3000, rejected: 0, alreadyImported: false });
  const expected = many.map((each) => (JSON.stringify(each.n) === JSON.stringify(changed.n) ? { ...changed, v: { S: "mine" } } : each));
  expect(await items(db)).toEqual(inOrder(expected));
  expect(await items(db, "byG")).toEqual(inOrder(expected));
  expect(await db.importItems(TABLE, many, { clientToken: "songs" })).toMatchObject({ items: 3000, bytes: 0, alreadyImported: true });
  expect(await db.importItems(TABLE, ten, { clientToken: "songs", restart: true })).toMatchObject({ items: 10 });
}, 60_000);

test("another source under the token of an unfinished import is refused by a class of its own", async () => {
  const db = await open();
  await createTable(db);
  const many: Item[] = Array.from({ length: 3000 }, (_, at) => ({ ...item(at), pad: { S: "x".repeat(9000) } }));
  const enough = new Error("enough");
  const onProgress = ({ items: stored }: ImportProgress) => {
    if (stored > 2500) throw enough;
  };
  await expect(db.importItems(TABLE, many, { clientToken: "songs", onProgress })).rejects.toBe(enough);
  const before = await items(db);
  const refused = db.importItems(TABLE, many.slice(1), { clientToken: "songs" });
  await expect(refused).rejects.toMatchObject({ name: "ImportSourceChangedError" });
  await expect(refused).rejects.toBeInstanceOf(dynatab.ImportSourceChangedError);
  expect(await items(db)).toEqual(before);
  expect(await db.importItems(TABLE, many, { clientToken: "songs" })).toMatchObject({ items: 3000 });
}, 60_000);

test("a file names itself until its import is finished", async () => {
  const db = await open();
  await createTable(db);
  const file = () => new File([lines], "export.json", { lastModified: 1 });
  const abort = new AbortController();
  const aborted = db.importItems(TABLE, [file(), file()], { signal: abort.signal, onProgress: () => abort.abort(new Error("no more")) });
  await expect(aborted).rejects.toThrow("no more");
  expect(await db.importItems(TABLE, [file(), file()])).toMatchObject({ items: 20, alreadyImported: false });
  await db.execute("DeleteItem", { TableName: TABLE, Key: { pk: { S: "p0" }, n: { N: "0" } } });
  expect(await db.importItems(TABLE, [file(), file()])).toMatchObject({ items: 20, alreadyImported: false });
  expect(await items(db)).toHaveLength(10);
});

test("indexes of an empty table are filled behind the items, and progress tells how far", async () => {
  const db = await open();
  await createTable(db, true);
  const told: ImportProgress[] = [];
  const many = Array.from({ length: 3000 }, (_, at) => ({ ...item(at), g: { S: `g${at % 3}` } }));
  const source = new Blob([JSON.stringify(many)]);
  await db.importItems(TABLE, source, { onProgress: (progress) => told.push(progress) });
  expect(await items(db, "byG")).toEqual(inOrder(many));
  const indexing = told.filter(({ phase }) => phase === "indexing").map(({ indexed }) => indexed!);
  expect(indexing.length).toBeGreaterThan(1);
  expect(indexing).toEqual([...indexing].sort((a, b) => a - b));
  expect(indexing.at(-1)).toBe(1);
  expect(told[0]).toMatchObject({ phase: "reading", totalBytes: source.size });
});

test("requests of others are answered while an import runs", async () => {
  const db = await open();
  await createTable(db);
  const many = Array.from({ length: 20_000 }, (_, at) => item(at));
  let answered = 0;
  let importing = true;
  const others = async () => {
    while (importing) {
      await db.execute("PutItem", { TableName: TABLE, Item: { pk: { S: "other" }, n: { N: String(answered) } } });
      answered += 1;
    }
  };
  const other = others();
  await db.importItems(TABLE, many);
  importing = false;
  await other;
  expect(answered).toBeGreaterThan(20);
  expect((await db.execute("DescribeTable", { TableName: TABLE })).Table?.ItemCount).toBe(20_000 + answered);
});

test("a source is asked for no more than is on the way, and is let go when the import ends early", async () => {
  const db = await open();
  await createTable(db);
  let made = 0;
  let most = 0;
  let ended = false;
  let taken = 0;
  const ends: number[] = [];
  async function* source() {
    try {
      for (let at = 0; ; at += 1) {
        const text = `${JSON.stringify({ ...item(at), pad: { S: "x".repeat(1000) } })}\n`;
        made += new TextEncoder().encode(text).length;
        ends.push(made);
        most = Math.max(most, made - taken);
        yield text;
      }
    } finally {
      ended = true;
    }
  }
  const broken = db.importItems(TABLE, source(), {
    onProgress: ({ items: stored }) => {
      taken = ends[stored - 1] ?? 0;
      if (stored > 30_000) throw new Error("enough");
    },
  });
  await expect(broken).rejects.toThrow("enough");
  await expect.poll(() => ended).toBe(true);
  // Two pieces of 256 kB, and what is being gathered.
  expect(most).toBeLessThan(4 * (256 << 10));
});

test("an import whose source hangs can be broken off", async () => {
  const db = await open();
  await createTable(db);
  const abort = new AbortController();
  const hanging = new ReadableStream<string>({ pull: () => abort.abort(new Error("no more")) });
  await expect(db.importItems(TABLE, hanging, { signal: abort.signal })).rejects.toThrow("no more");
});

test("sources and formats that mean nothing are refused", async () => {
  const db = await open();
  await createTable(db);
  await expect(db.importItems(TABLE, 7 as never)).rejects.toThrow("importItems cannot read this source");
  await expect(db.importItems(TABLE, [], { format: "ion" as never })).rejects.toThrow("format must be one of");
  await expect(db.importItems("Nowhere", [])).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(db.importItems(TABLE, new Response("", { status: 404 }))).rejects.toThrow("status 404");
  expect(await db.importItems(TABLE, [])).toMatchObject({ items: 0, rejected: 0, bytes: 0 });
});
