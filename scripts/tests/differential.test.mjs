/** The differential script: the same seed asks the same, what may differ is not compared, and every known difference is explained. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { difference, differingPaths, generalised } from "../differential/comparison.mjs";
import { controlOperations } from "../differential/control-requests.mjs";
import { itemOperations } from "../differential/item-requests.mjs";
import { headingOf, headings } from "../differential/known-differences.mjs";
import { Random } from "../differential/random.mjs";
import { streamRequest } from "../differential/stream-requests.mjs";
import { tableOperations } from "../differential/table-requests.mjs";
import { definition, tables } from "../differential/tables.mjs";
import { transactionOperations } from "../differential/transaction-requests.mjs";
import { root } from "../paths.mjs";

const refused = (name, message) => ({ status: 400, body: { __type: `com.amazon.coral.validate#${name}`, message } });
const answered = (body) => ({ status: 200, body });

const ofItems = [...itemOperations, ...transactionOperations];
const ofTables = [...tableOperations, ...controlOperations];

/** What a run of that seed asks. */
function requests(seed) {
  const random = new Random(seed);
  return Array.from({ length: 400 }, (_, at) => {
    if (random.chance(20)) return JSON.stringify(streamRequest(random, 20, at));
    const { operation, make } = random.weighted([...ofItems, ...ofTables]);
    const table = random.pick(tables);
    const request = ofTables.some(([, each]) => each.make === make) ? make(random, 20) : make(random, table, 20, tables);
    return JSON.stringify({ operation, request });
  });
}

describe("requests", () => {
  test("are the same for the same seed, and others for another", () => {
    expect(requests(7)).toEqual(requests(7));
    expect(requests(8)).not.toEqual(requests(7));
  });

  test("cover every operation", () => {
    const asked = new Set(requests(7).map((text) => JSON.parse(text).operation));
    const streams = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];
    for (const operation of [...[...ofItems, ...ofTables].map(([, each]) => each.operation), ...streams])
      expect(asked).toContain(operation);
  });

  test("are made for tables with keys of every type and indexes of every projection", () => {
    const definitions = JSON.stringify(tables.map(definition));
    for (const word of ["ALL", "KEYS_ONLY", "INCLUDE", "HASH", "RANGE"]) expect(definitions).toContain(`"${word}"`);
    for (const type of ["S", "N", "B"]) expect(definitions).toContain(`"AttributeType":"${type}"`);
  });
});

describe("answers", () => {
  test("are the same in another order of members, sets, batches and scans", () => {
    const items = [{ a: { SS: ["x", "y"] }, b: { N: "1" } }, { c: { S: "z" } }];
    const others = [{ c: { S: "z" } }, { b: { N: "1" }, a: { SS: ["y", "x"] } }];
    expect(difference("Scan", {}, answered({ Items: items }), answered({ Items: others }))).toBeUndefined();
    expect(difference("BatchGetItem", {}, answered({ Responses: { T: items } }), answered({ Responses: { T: others } }))).toBeUndefined();
    expect(difference("Query", {}, answered({ Items: items }), answered({ Items: others }))?.kind).toContain("Items");
  });

  test("of lists and counts must be equal", () => {
    const list = (...numbers) => answered({ Item: { l: { L: numbers.map((N) => ({ N })) } } });
    expect(difference("GetItem", {}, list("1", "2"), list("2", "1"))?.paths).toEqual(["Item.l.L[].N"]);
    expect(differingPaths({ Count: 1 }, { ScannedCount: 1 })).toEqual(["Count only ours", "ScannedCount only theirs"]);
  });

  test("of one kind are grouped whatever their particulars", () => {
    expect(generalised("Value 'ab' at 'tableName' must have 3")).toBe(generalised("Value 'x' at 'indexName' must have 4"));
  });
});

describe("known differences", () => {
  const document = readFileSync(join(root, "docs", "differences.md"), "utf8");
  const explained = [...document.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) => heading);

  test("each have their heading in docs/differences.md", () => {
    for (const heading of headings) expect(explained).toContain(heading);
  });

  test("are all the page explains", () => {
    const areas = [
      "Texts",
      "Expressions",
      "Reads",
      "Writes",
      "Tables",
      "Transactions",
      "Changes of tables",
      "Tags and time to live",
      "Streams",
    ];
    expect(explained.filter((heading) => !areas.includes(heading)).sort()).toEqual([...headings].sort());
  });

  test("are told by both answers; of two mistakes ours must be the one that comes first", () => {
    const constraint = refused(
      "ValidationException",
      "1 validation error detected: Value 'X' at 'select' failed to satisfy constraint: ...",
    );
    const value = refused("ValidationException", "The parameter cannot be converted to a numeric value: abc");
    const told = (ours, theirs) => headingOf(difference("Query", {}, ours, theirs));
    expect(told(constraint, value)).toBe("Several mistakes in one request");
    expect(told(value, constraint)).toBeUndefined();
    expect(told(answered({}), value)).toBeUndefined();
  });
});
