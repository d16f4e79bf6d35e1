/** Requests in their forms: each becomes the others and comes back as it was. */
import { describe, expect, it } from "vitest";
import { queryInstead } from "../src/explain/query-instead.ts";
import { type ReadRequest, readInput, scanAll } from "../src/items/read-request.ts";
import { parseReadInput } from "../src/items/read-request-parse.ts";
import { cliCommand, parseCliCommand, shellWords } from "../src/requests/cli-command.ts";
import { jsonPlace } from "../src/requests/json-place.ts";
import { literal } from "../src/requests/sdk-code.ts";
import { programText } from "../src/sandbox/program-text.ts";
import { readTargets, type TableDescription } from "../src/tables/description.ts";

const TABLE: TableDescription = {
  TableName: "T",
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "N" },
    { AttributeName: "a", AttributeType: "S" },
    { AttributeName: "b", AttributeType: "S" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "Many",
      KeySchema: [
        { AttributeName: "a", KeyType: "HASH" },
        { AttributeName: "b", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
    { IndexName: "Keys", KeySchema: [{ AttributeName: "b", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } },
  ],
};
const TARGETS = readTargets(TABLE);
const row = (attribute: string, operator: string, type: string, ...values: string[]) =>
  ({ attribute, operator, type, values, not: false }) as ReadRequest["filters"][number];

describe("the builder", () => {
  it("writes every operator, and reads what it wrote as the same", () => {
    const filters = [
      row("a", "=", "S", "x y"),
      row("a", "<>", "BOOL", "true"),
      row("n", "between", "N", "-1.5", "2e3"),
      row("n.list[2]", "in", "N", "1", "2", "3"),
      row('"dotted.name"', "begins_with", "S", "p"),
      { ...row("tags", "contains", "S", "t"), not: true },
      row("gone", "attribute_not_exists", "S"),
      row("there", "attribute_exists", "S"),
      row("kind", "attribute_type", "S", "SS"),
      row("text", "size >=", "N", "7"),
      row("text", "size between", "N", "7", "9"),
      row("set", "=", "NS", "[1, 2]"),
      row("map", "=", "M", '{\n  "x": 1\n}'),
      row("none", "=", "NULL", ""),
    ];
    const request: ReadRequest = {
      ...scanAll(),
      operation: "Query",
      index: "Many",
      partition: ["x", "y"],
      sort: [{ operator: "between", values: ["1", "2"] }],
      filters,
      join: "AND",
      forward: false,
      projection: "a, n.list[0]",
      limit: "5",
    };
    const input = readInput("T", request, TARGETS[1]!);
    expect(input.KeyConditionExpression).toBe("#a = :a AND #b = :b AND #sk BETWEEN :sk AND :sk2");
    expect(parseReadInput("Query", input, TARGETS)).toEqual(request);
  });

  it("says what it cannot show instead of showing something else", () => {
    const parse = (input: object) => () => parseReadInput("Scan", { TableName: "T", ...input }, TARGETS);
    expect(parse({ FilterExpression: "a = b" })).toThrow("compares attributes with values");
    expect(parse({ FilterExpression: "a = :v AND (b = :v OR a < :v)", ExpressionAttributeValues: { ":v": { S: "1" } } })).toThrow(
      "all conditions by AND",
    );
    expect(parse({ Segment: 1, TotalSegments: 2 })).toThrow("nothing for Segment");
    expect(parse({ IndexName: "None" })).toThrow("no index None");
  });

  it("gives every name and value a placeholder, and values that are the same one", () => {
    const { ExpressionAttributeNames, ExpressionAttributeValues } = readInput(
      "T",
      { ...scanAll(), filters: [row("__proto__", "=", "S", "1"), row("a-b", "=", "S", "1"), row("a.b", "=", "S", "1")] },
      TARGETS[0]!,
    );
    expect(Object.values(ExpressionAttributeNames!).sort()).toEqual(["__proto__", "a", "a-b", "b"]);
    expect(Object.keys(ExpressionAttributeValues!)).toEqual([":proto"]);
  });
});

describe("the Query a Scan could be", () => {
  const scan = (...filters: ReadRequest["filters"]) => ({ ...scanAll(), filters });

  it("is found where a whole partition key is given, with what the sort key can take", () => {
    expect(queryInstead(scan(row("sk", ">", "N", "3"), row("pk", "=", "S", "p"), row("c", "=", "S", "d")), TARGETS)).toMatchObject({
      operation: "Query",
      index: undefined,
      partition: ["p"],
      sort: [{ operator: ">", values: ["3", ""] }],
      filters: [{ attribute: "c" }],
    });
    expect(queryInstead(scan(row("a", "=", "S", "1"), row("b", "=", "S", "2")), TARGETS)).toMatchObject({
      index: "Many",
      partition: ["1", "2"],
      filters: [],
    });
  });

  it("is none where the key is given in part, negated, of another type, joined by OR, or the index holds less", () => {
    expect(queryInstead(scan(row("a", "=", "S", "1")), TARGETS)).toBeUndefined();
    expect(queryInstead(scan({ ...row("pk", "=", "S", "1"), not: true }), TARGETS)).toBeUndefined();
    expect(queryInstead(scan(row("pk", "=", "N", "1")), TARGETS)).toBeUndefined();
    expect(queryInstead({ ...scan(row("pk", "=", "S", "1"), row("c", "=", "S", "1")), join: "OR" }, TARGETS)).toBeUndefined();
    expect(queryInstead(scan(row("b", "=", "S", "2")), TARGETS)).toBeUndefined();
  });
});

describe("the AWS CLI", () => {
  it("takes any request and gives it back", () => {
    const input = {
      TableName: "T",
      ExclusiveStartKey: { pk: { S: 'it\'s $HOME "x" \\ `y`' } },
      ConsistentRead: false,
      Limit: 3,
      ScanIndexForward: true,
      KeyConditionExpression: "a = :b",
    };
    expect(parseCliCommand(cliCommand("Query", input))).toEqual({ operation: "Query", input });
    expect(cliCommand("DescribeTimeToLive", { TableName: "T" })).toBe("aws dynamodb describe-time-to-live \\\n  --table-name T");
    expect(cliCommand("GetRecords", { ShardIterator: "x" })).toMatch(/^aws dynamodbstreams get-records/);
  });

  it("splits words as a shell does, and says what it does not read", () => {
    expect(shellWords(`a 'b c' "d \\" $e" f\\ g \\\n h''i`)).toEqual(["a", "b c", 'd " $e', "f g", "hi"]);
    expect(() => parseCliCommand("aws s3 ls")).toThrow("aws dynamodb");
    expect(() => parseCliCommand("aws dynamodb get-item --colour x")).toThrow("--colour");
    expect(() => parseCliCommand("aws dynamodb get-item --key file://key.json")).toThrow("files cannot be read");
    expect(() => parseCliCommand("aws dynamodb get-item --key pk=1")).toThrow("shorthand");
  });
});

describe("SDK code", () => {
  it("writes binary as bytes and odd names as they are", () => {
    expect(literal({ B: "AAE=" }, " ")).toBe('{ B: Uint8Array.from(atob("AAE="), (each) => each.charCodeAt(0)) }');
    expect(literal({ "b-c": 1 }, " ")).toBe('{ "b-c": 1 }');
    const odd = JSON.parse('{"__proto__": {"S": "x"}}') as object;
    expect(Object.keys(new Function(`return (${literal(odd)})`)() as object)).toEqual(["__proto__"]);
  });

  it("runs with its imports in the places they had, and no others", () => {
    const text = programText('import {\n  A as B,\n} from "@aws-sdk/client-dynamodb";\nlast();');
    expect(text).toContain('const {   A : B, } = modules["@aws-sdk/client-dynamodb"];');
    expect(text.split("\n").indexOf("last();")).toBe(3);
    expect(() => programText('import fs from "node:fs";')).toThrow("Write imports as");
    expect(() => programText('import { x } from "elsewhere";')).toThrow("elsewhere is not at hand");
  });
});

describe("a place in unfinished JSON", () => {
  it("is known by its path and by what is expected there", () => {
    expect(jsonPlace('{"Key": {"a')).toMatchObject({ path: ["Key"], name: true, quoted: true });
    expect(jsonPlace('{"Key": {"a": {"S": "x"}}, "Return')).toMatchObject({ path: [], name: true });
    expect(jsonPlace('{"A": [{"b": 1}, {"c": "')).toMatchObject({ path: ["A", 1, "c"], name: false, quoted: true });
    expect(jsonPlace('{"A": "with \\" and { ", "B": tr')).toMatchObject({ path: ["B"], name: false, quoted: false });
  });
});
