/** Values and items: nothing is lost between the ways to write them, and what is wrong is found. */
import { describe, expect, it } from "vitest";
import { fileItems, itemsFile, lastOfEachKey } from "../src/exchange/item-files.ts";
import { readWorkbenchModel, workbenchModel } from "../src/exchange/workbench-model.ts";
import { readShareHash, shareHash } from "../src/share/share-content.ts";
import { imageChanges, keyText, undoRequest } from "../src/stream/record-diff.ts";
import type { StreamRecord } from "../src/stream/stream-tail.ts";
import type { Item } from "../src/values/attribute-value.ts";
import { itemProblems } from "../src/values/check-item.ts";
import { itemSize } from "../src/values/item-size.ts";
import { jsonText, parsePlainItem, plainItemText } from "../src/values/plain-json.ts";

const ITEM = JSON.parse(
  '{"id":{"S":"a"},"n":{"N":"12345678901234567890.123"},"b":{"B":"AAE="},"t":{"BOOL":true},"z":{"NULL":true},"m":{"M":{"__proto__":{"N":"1e100"}}},"l":{"L":[{"S":"x"},{"SS":["p","q"]}]},"ns":{"NS":["1","2"]},"bs":{"BS":["AA=="]}}',
) as Item;

describe("plain JSON", () => {
  it("keeps every digit, and the types that JSON lacks where the item had them", () => {
    // Sources of numbers are read where the engine tells them, as browsers do; Node 20 does not.
    const tells = JSON.parse("1", (_key: string, value: unknown, context?: { source?: string }) => context?.source ?? value) === "1";
    const item = tells ? ITEM : { ...ITEM, n: { N: "12.5" }, m: { M: { x: { N: "3" } } } };
    expect(parsePlainItem(plainItemText(item), item)).toEqual(item);
  });

  it("is refused where it is no object, or a number could not be read exactly", () => {
    expect(() => parsePlainItem("[1]")).toThrow("An item is a JSON object");
    expect(() => parsePlainItem("{")).toThrow(SyntaxError);
  });

  it("is the same value however it is laid out", () => {
    expect(JSON.parse(jsonText(ITEM))).toEqual(ITEM);
  });
});

describe("what is wrong with an item", () => {
  it.each([
    [{ a: { S: 1 } }, "a: String (S) takes a text"],
    [{ a: { N: "x" } }, 'a: "x" is not a number'],
    [{ a: { N: "1234567890123456789012345678901234567890" } }, "38 significant digits"],
    [{ a: { B: "%" } }, "not Base64"],
    [{ a: { SS: [] } }, "a set may not be empty"],
    [{ a: { NS: ["1", "1"] } }, "a set may not hold a value twice"],
    [{ a: { M: { b: { X: 1 } } } }, 'a.b: "X" is not one of'],
    [{ a: { L: [{ S: "x" }, 3] } }, "a[1] must be an object"],
    [{ a: { S: "x", N: "1" } }, "one member that names its type"],
    [{ a: { NULL: false } }, "NULL takes true"],
    [{ a: { S: "x".repeat(410_000) } }, "at most 409,600 (400 KB)"],
  ])("is said with its place: %#", (item, problem) => {
    expect(itemProblems(item)[0]).toContain(problem);
  });

  it("is a key that is missing, of another type, or empty", () => {
    const keys = [{ name: "k", type: "S" }];
    expect(itemProblems({}, keys)).toEqual(["The key attribute k is missing"]);
    expect(itemProblems({ k: { N: "1" } }, keys)[0]).toContain("must be a String (S), not N");
    expect(itemProblems({ k: { S: "" } }, keys)[0]).toContain("may not be empty");
  });

  it("is not its size as DynamoDB counts it", () => {
    expect(itemSize({ id: { S: "é" }, n: { N: "-12.5" }, b: { B: "AAE=" }, l: { L: [{ BOOL: true }] } })).toBe(
      2 + 2 + (1 + 4) + (1 + 2) + (1 + 3 + 2),
    );
  });
});

describe("files of items", () => {
  const keys = [{ name: "id", type: "S" as const }];
  const back = async (format: "lines" | "gzip" | "json" | "csv", name: string, items: Item[]) =>
    fileItems(name, new Uint8Array(await itemsFile(format, items, ["id"]).arrayBuffer()), keys);

  it("hold everything as lines, plain and gzipped", async () => {
    expect(await back("lines", "a.jsonl", [ITEM, ITEM])).toEqual([ITEM, ITEM]);
    expect(await back("gzip", "a.jsonl.gz", [ITEM])).toEqual([ITEM]);
  });

  it("hold texts, numbers, Booleans and JSON as CSV, quotation marks and lines included", async () => {
    const item: Item = { id: { S: "007" }, text: { S: 'a "b",\nc' }, n: { N: "-1.5" }, t: { BOOL: false }, l: { L: [{ S: "x" }] } };
    expect(await back("csv", "a.csv", [item])).toEqual([item]);
  });

  it("may hold a key twice, of which a request gets the last", () => {
    expect(
      lastOfEachKey(
        [
          { id: { S: "a" }, v: { N: "1" } },
          { id: { S: "a" }, v: { N: "2" } },
        ],
        keys,
      ),
    ).toEqual([{ id: { S: "a" }, v: { N: "2" } }]);
  });
});

describe("data models of NoSQL Workbench", () => {
  it("are read as they were written: keys, indexes, items", () => {
    const definition = {
      TableName: "T",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" as const },
        { AttributeName: "n", AttributeType: "N" as const },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "G",
          KeySchema: [{ AttributeName: "n", KeyType: "HASH" as const }],
          Projection: { ProjectionType: "KEYS_ONLY" as const },
        },
      ],
    };
    const [table] = readWorkbenchModel(workbenchModel("m", [{ table: definition, items: [ITEM] }]));
    expect(table).toEqual({ definition: { ...definition, BillingMode: "PAY_PER_REQUEST" }, items: [ITEM] });
    expect(() => readWorkbenchModel("{}")).toThrow("no data model");
    expect(() => readWorkbenchModel('{"DataModel": [{}]}')).toThrow("without a name or keys");
  });
});

describe("links", () => {
  it("carry what was put in", () => {
    const content = { tables: [{ definition: { TableName: "Tab" }, items: [ITEM] }], request: { kind: "code" as const, code: "x" } };
    expect(readShareHash(shareHash(content))).toEqual(content);
  });
});

describe("a write taken back", () => {
  const record = (eventName: StreamRecord["eventName"], OldImage?: Item): StreamRecord => ({
    eventID: "1",
    eventName,
    at: 0,
    keys: { id: { S: "a" } },
    newImage: undefined,
    oldImage: OldImage,
  });

  it("deletes what was inserted and puts what was there, where the stream tells", () => {
    expect(undoRequest("T", record("INSERT"))).toEqual({ operation: "DeleteItem", input: { TableName: "T", Key: { id: { S: "a" } } } });
    expect(undoRequest("T", record("REMOVE", ITEM))).toEqual({ operation: "PutItem", input: { TableName: "T", Item: ITEM } });
    expect(undoRequest("T", record("MODIFY"))).toBeUndefined();
  });

  it("is shown by the attributes that differ, sets without their order", () => {
    expect(
      imageChanges({ a: { SS: ["x", "y"] }, b: { N: "1" }, c: { S: "s" } }, { a: { SS: ["y", "x"] }, b: { N: "2" } }).map(
        ({ name }) => name,
      ),
    ).toEqual(["b", "c"]);
  });

  it("names its item in the order of the table's key, whatever order a server tells the key in", () => {
    const table = {
      TableName: "T",
      KeySchema: [
        { AttributeName: "Artist", KeyType: "HASH" as const },
        { AttributeName: "Song", KeyType: "RANGE" as const },
      ],
      AttributeDefinitions: [
        { AttributeName: "Artist", AttributeType: "S" as const },
        { AttributeName: "Song", AttributeType: "S" as const },
      ],
    };
    expect(keyText(table, { Song: { S: "Low Water" }, Artist: { S: "The Tidal Pools" } })).toBe("The Tidal Pools / Low Water");
  });
});
