/**
 * A COMMIT that fails half done, on a device that fails in the middle of it: what the callers hear, and what is in the file.
 */
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/database.ts";
import type { Durability } from "../../src/drivers/wa-sqlite.ts";
import { type RecordingFile, RecordingFiles } from "../drivers/recording-file.ts";
import { type RealEngine, startEngine } from "./real-engine.ts";

const TableName = "Counters";
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [{ AttributeName: "Name", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "Name", KeyType: "HASH" as const }],
};
const key = (name: string) => ({ Name: { S: name } });

interface Opened {
  files: RecordingFiles;
  engine: RealEngine;
  clients: Database[];
}

async function open(durability: Durability = "strict"): Promise<Opened> {
  const files = new RecordingFiles();
  const engine = await startEngine({ files, durability });
  const clients = [engine.client(), engine.client(), engine.client()];
  await clients[0]!.execute("CreateTable", definition);
  await count(clients[0]!, "before");
  return { files, engine, clients };
}

const count = (client: Database, name: string) =>
  client.execute("UpdateItem", {
    TableName,
    Key: key(name),
    UpdateExpression: "ADD N :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
    ReturnValues: "UPDATED_NEW",
  });

/** One group of three clients: what each of them hears. */
async function group({ clients }: Pick<Opened, "clients">): Promise<string[]> {
  const asked = clients.map((client) => count(client, "n").then(({ Attributes }) => Attributes?.N?.N ?? "none"));
  return Promise.all(asked.map((each) => each.catch((error: Error) => error.name)));
}

/** What the counter stands at in what is left of the files, and that they are sound. */
async function left(files: RecordingFiles, of: (file: RecordingFile) => Uint8Array): Promise<string | undefined> {
  const engine = await startEngine({ files: files.left(of), durability: "strict" });
  const client = engine.client();
  expect((await client.execute("GetItem", { TableName, Key: key("before") })).Item?.N?.N).toBe("1");
  const { Item } = await client.execute("GetItem", { TableName, Key: key("n") });
  await engine.close();
  return Item?.N?.N;
}
const killed = (file: RecordingFile) => file.afterKill();
const cutOff = (file: RecordingFile) => file.afterPowerLoss(() => false);

/** Makes the next call of a kind fail, so many times; the other calls go on. */
function failNext(files: RecordingFiles, kind: "flush" | "write", times = 1): void {
  let rest = times;
  files.device.fault = ({ call, file }) => (call === kind && file === "wal" && rest-- > 0 ? "the device failed" : undefined);
}

describe("strict", () => {
  test("a commit whose flush fails after its writes reached the file is answered with success, and is durable then", async () => {
    const opened = await open();
    failNext(opened.files, "flush");
    expect(await group(opened)).toEqual(["1", "2", "3"]);
    expect(opened.engine.connections(), "the file was asked").toBe(2);
    expect(await left(opened.files, cutOff), "after a power loss").toBe("3");
    expect(await group(opened), "and it goes on").toEqual(["4", "5", "6"]);
    expect(await left(opened.files, cutOff)).toBe("6");
    await opened.engine.close();
  });

  test.each([
    ["nothing of it reached the file", false],
    ["half of it reached the file", true],
  ])("a commit whose write fails (%s) has not happened, and its requests are run again", async (_told, tears) => {
    const opened = await open();
    opened.files.device.tears = tears;
    failNext(opened.files, "write");
    expect(await group(opened)).toEqual(["1", "2", "3"]);
    expect(await left(opened.files, cutOff)).toBe("3");
    await opened.engine.close();
  });

  test("requests whose every commit fails hear that they have not happened", async () => {
    const opened = await open();
    opened.files.device.tears = true;
    // The group's, and one for each of its requests.
    failNext(opened.files, "write", 4);
    expect(await group(opened)).toEqual(["StorageError", "StorageError", "StorageError"]);
    expect(await left(opened.files, killed)).toBeUndefined();
    expect(await group(opened), "the device works again").toEqual(["1", "2", "3"]);
    expect(await left(opened.files, cutOff)).toBe("3");
    await opened.engine.close();
  });

  test("a commit that stands in the file and cannot be flushed is said to be in doubt, and the next request asks the file", async () => {
    const opened = await open();
    failNext(opened.files, "flush", 2);
    expect(await group(opened)).toEqual(["CommitInDoubtError", "CommitInDoubtError", "CommitInDoubtError"]);
    expect(await group(opened)).toEqual(["4", "5", "6"]);
    expect(await left(opened.files, cutOff)).toBe("6");
    await opened.engine.close();
  });

  test("what is read after a commit in doubt is durable", async () => {
    const opened = await open();
    failNext(opened.files, "flush", 2);
    await group(opened);
    const { Item } = await opened.clients[0]!.execute("GetItem", { TableName, Key: key("n") });
    expect(Item?.N?.N).toBe("3");
    expect(await left(opened.files, cutOff)).toBe("3");
    await opened.engine.close();
  });

  test("where the files cannot be opened again the outcome is unknown, until they can", async () => {
    const opened = await open();
    const { device } = opened.files;
    // The flush fails, and every later call.
    let gone = false;
    device.fault = ({ call }) => {
      gone ||= call === "flush";
      return gone ? "the device is gone" : undefined;
    };
    expect(await group(opened)).toEqual(["CommitInDoubtError", "CommitInDoubtError", "CommitInDoubtError"]);
    device.fault = () => undefined;
    expect(await group(opened), "all of the group in doubt is in the file").toEqual(["4", "5", "6"]);
    await opened.engine.close();
  });

  test("a table whose creation is in doubt exists for those who hear so", async () => {
    const opened = await open();
    const [client] = opened.clients as [Database];
    failNext(opened.files, "flush");
    await client.execute("CreateTable", { ...definition, TableName: "Second" });
    opened.files.device.tears = true;
    failNext(opened.files, "write");
    await expect(client.execute("CreateTable", { ...definition, TableName: "Third" })).rejects.toMatchObject({ name: "StorageError" });
    expect((await client.execute("ListTables", {})).TableNames).toEqual(["Counters", "Second"]);
    await client.execute("CreateTable", { ...definition, TableName: "Third" });
    await opened.engine.close();
  });
});

test("relaxed: a commit that could not be written before it returned has not happened, and is run again", async () => {
  const opened = await open("relaxed");
  for (const tears of [false, true]) {
    opened.files.device.tears = tears;
    failNext(opened.files, "write");
    expect(await group(opened)).toEqual(tears ? ["4", "5", "6"] : ["1", "2", "3"]);
  }
  expect(await left(opened.files, killed)).toBe("6");
  await opened.engine.close();
});

test("in memory a failed commit is what SQLite says it is: rolled back, and run again", async () => {
  let failing = 0;
  const engine = await startEngine("memory", {
    faultOf: (word) => (word === "COMMIT" && failing-- > 0 ? { code: 7, ran: false } : undefined),
  });
  const clients = [engine.client(), engine.client(), engine.client()];
  await clients[0]!.execute("CreateTable", definition);
  failing = 1;
  expect(await group({ clients })).toEqual(["1", "2", "3"]);
  expect(engine.connections()).toBe(1);
  await engine.close();
});
