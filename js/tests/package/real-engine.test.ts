/** The package as it is built (`pkg/`), with the real engine, in Node: in this process, in a file, over HTTP and from the command line. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as DynatabNode from "../../src/node/index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pkg = join(root, "pkg");
let dynatab: typeof DynatabNode;
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  if (!existsSync(pkg)) throw new Error("The package is not built: npm run build");
  dynatab = (await import(pathToFileURL(join(pkg, "dist", "node.js")).href)) as typeof DynatabNode;
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const thread: CreateTableCommandInput = {
  TableName: "Thread",
  AttributeDefinitions: [
    { AttributeName: "ForumName", AttributeType: "S" },
    { AttributeName: "Subject", AttributeType: "S" },
    { AttributeName: "LastPost", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "ForumName", KeyType: "HASH" },
    { AttributeName: "Subject", KeyType: "RANGE" },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: "ByLastPost",
      KeySchema: [
        { AttributeName: "ForumName", KeyType: "HASH" },
        { AttributeName: "LastPost", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
  BillingMode: "PAY_PER_REQUEST",
};

async function openMemory(options: DynatabNode.OpenOptions = {}) {
  const db = await dynatab.Dynatab.open("test", options);
  cleanUps.push(() => db.close());
  return db;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "dynatab-"));
  cleanUps.push(() => rmSync(made, { recursive: true, force: true }));
  return join(made, "db");
}

/** The same conversation for every way to the engine. */
async function converse(client: DynamoDBClient) {
  const documents = DynamoDBDocumentClient.from(client);
  await client.send(new CreateTableCommand(thread));
  const described = await client.send(new DescribeTableCommand({ TableName: "Thread" }));
  expect(described.Table).toMatchObject({ TableName: "Thread", TableStatus: "ACTIVE" });
  expect(described.Table?.CreationDateTime).toBeInstanceOf(Date);
  const post = (n: number) => ({
    ForumName: "Bridges",
    Subject: `Subject ${n}`,
    LastPost: 10 - n,
    Body: { tags: ["a", n], blob: new Uint8Array([n]) },
  });
  await Promise.all(Array.from({ length: 9 }, (_, n) => documents.send(new PutCommand({ TableName: "Thread", Item: post(n) }))));
  const got = await documents.send(new GetCommand({ TableName: "Thread", Key: { ForumName: "Bridges", Subject: "Subject 3" } }));
  expect(got.Item).toEqual(post(3));
  const query = { TableName: "Thread", IndexName: "ByLastPost", KeyConditionExpression: "ForumName = :f AND LastPost > :p" };
  const found = await documents.send(new QueryCommand({ ...query, ExpressionAttributeValues: { ":f": "Bridges", ":p": 5 } }));
  expect(found.Items).toEqual([4, 3, 2, 1, 0].map(post));
  const deleted = await documents.send(
    new DeleteCommand({ TableName: "Thread", Key: { ForumName: "Bridges", Subject: "Subject 3" }, ReturnValues: "ALL_OLD" }),
  );
  expect(deleted.Attributes).toEqual(post(3));
  await expect(documents.send(new GetCommand({ TableName: "Nope", Key: { a: "b" } }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await expect(client.send(new CreateTableCommand(thread))).rejects.toMatchObject({ name: "ResourceInUseException" });
}

describe("the AWS SDK", () => {
  test("talks to the engine in this process", async () => {
    const db = await openMemory();
    await converse(new DynamoDBClient(db.clientConfig()));
  });

  test("talks to it over HTTP", async () => {
    const endpoint = await dynatab.serve({ port: 0 });
    cleanUps.push(() => endpoint.close());
    const client = new DynamoDBClient({
      region: "eu-west-2",
      endpoint: endpoint.url,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    cleanUps.push(() => client.destroy());
    await converse(client);
  });
});

describe("over HTTP, the engine's own answers to", () => {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-date": "20261122T000000Z",
    authorization: "AWS4-HMAC-SHA256 Credential=a/20261122/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  async function post(target: string | undefined, body: string) {
    const endpoint = await dynatab.serve({ port: 0 });
    cleanUps.push(() => endpoint.close());
    const answer = await fetch(endpoint.url, {
      method: "POST",
      headers: { ...headers, ...(target === undefined ? {} : { "x-amz-target": target }) },
      body,
    });
    return { status: answer.status, type: JSON.parse(await answer.text()).__type };
  }

  test.each([undefined, "", "DynamoDB_20120810.Nope", "DynamoDB_20111205.GetItem", "GetItem"])("the target %s", async (target) => {
    expect(await post(target, "{}")).toEqual({ status: 400, type: "com.amazon.coral.service#UnknownOperationException" });
  });

  test.each(["", "{", "nonsense"])("the body %j", async (body) => {
    expect(await post("DynamoDB_20120810.ListTables", body)).toEqual({
      status: 400,
      type: "com.amazon.coral.service#SerializationException",
    });
  });
});

describe("execute", () => {
  test("gives the same answers without the SDK", async () => {
    const db = await openMemory();
    await db.execute("CreateTable", thread);
    const Item = { ForumName: { S: "f" }, Subject: { S: "s" }, data: { B: new Uint8Array([0, 255]) } };
    await db.execute("PutItem", { TableName: "Thread", Item });
    expect((await db.execute("GetItem", { TableName: "Thread", Key: { ForumName: { S: "f" }, Subject: { S: "s" } } })).Item).toEqual(Item);
    await expect(db.execute("GetItem", { TableName: "x", Key: {} })).rejects.toBeInstanceOf(dynatab.ValidationException);
    await expect(db.execute("GetItem", { TableName: "Nope", Key: { a: { S: "b" } } })).rejects.toBeInstanceOf(
      dynatab.ResourceNotFoundException,
    );
  });

  test("carries the options to the engine", async () => {
    const db = await openMemory({ region: "us-west-2" });
    const { TableDescription } = await db.execute("CreateTable", thread);
    expect(TableDescription?.TableArn).toMatch(/^arn:aws:dynamodb:us-west-2:/);
  });
});

describe("databases", () => {
  test("in memory know nothing of each other, even under one name", async () => {
    const [one, other] = [await openMemory(), await openMemory()];
    await one.execute("CreateTable", thread);
    expect((await other.execute("ListTables", {})).TableNames).toEqual([]);
  });

  test("in a file are there when they are opened again", async () => {
    const file = folder();
    const db = await openMemory({ file });
    expect(db.persistence).toBe("file");
    await db.execute("CreateTable", thread);
    const Item = { ForumName: { S: "f" }, Subject: { S: "s" } };
    await db.execute("PutItem", { TableName: "Thread", Item });
    await db.close();
    const again = await openMemory({ file, durability: "relaxed" });
    expect((await again.execute("GetItem", { TableName: "Thread", Key: Item })).Item).toEqual(Item);
  });

  test("in a file are refused to a second opener, and free after close", async () => {
    const file = folder();
    const db = await openMemory({ file });
    await expect(openMemory({ file })).rejects.toBeInstanceOf(dynatab.DatabaseBusyError);
    await db.close();
    await openMemory({ file });
  });

  test("that must last need a file", async () => {
    await expect(openMemory({ persistence: "required" })).rejects.toBeInstanceOf(dynatab.PersistenceUnavailableError);
  });

  test("do not keep the process alive", async () => {
    const script = `const { Dynatab } = await import(${JSON.stringify(pathToFileURL(join(pkg, "dist", "node.js")).href)});
      const db = await Dynatab.open("x", { file: ${JSON.stringify(folder())} }); await db.execute("ListTables", {}); console.log("done");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    expect(await output(child)).toEqual({ code: 0, out: "done\n" });
  });
});

/** A child's whole output and exit code. */
function output(child: ChildProcess): Promise<{ code: number | null; out: string }> {
  let out = "";
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out })));
}

describe("dynatab serve", () => {
  /** Starts the command and waits for the address it prints. */
  async function startCommand(...args: string[]) {
    const child = spawn(process.execPath, [join(pkg, "bin", "dynatab.js"), "serve", "--port", "0", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    cleanUps.push(() => child.kill("SIGKILL"));
    const ended = output(child);
    const address = await new Promise<string>((resolve, reject) => {
      let printed = "";
      child.stdout?.on("data", (chunk) => {
        printed += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
        if (found) resolve(found[0]);
      });
      child.on("exit", () => reject(new Error(`ended early: ${printed}`)));
    });
    const client = new DynamoDBClient({ region: "eu-west-2", endpoint: address, credentials: { accessKeyId: "a", secretAccessKey: "b" } });
    cleanUps.push(() => client.destroy());
    return { child, ended, client };
  }

  test.each(["SIGINT", "SIGTERM"] as const)(
    "answers once it has printed its address, and ends cleanly on %s with its data kept",
    async (signal) => {
      const file = folder();
      const { child, ended, client } = await startCommand("--db", file);
      await client.send(new CreateTableCommand(thread));
      child.kill(signal);
      expect((await ended).code).toBe(0);
      // Closed, not just gone: nothing is left to recover, and no lock.
      expect(readdirSync(file)).not.toContain("lock");
      const again = await startCommand("--db", file);
      expect((await again.client.send(new ListTablesCommand({}))).TableNames).toEqual(["Thread"]);
    },
  );

  test.each([
    [["serve", "--port", "nine"], /--port takes a number/],
    [["serve", "--frobnicate"], /frobnicate/],
    [["start"], /Unknown command: start/],
    [[], /Unknown command/],
  ])("explains itself when called with %j", async (args, message) => {
    const child = spawn(process.execPath, [join(pkg, "bin", "dynatab.js"), ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    child.stderr?.on("data", (chunk) => {
      told += chunk;
    });
    expect((await output(child)).code).toBe(2);
    expect(told).toMatch(message);
    expect(told).toContain("--db FILE");
  });
});
