/** The package in processes of its own: nothing keeps one alive, and a kill loses nothing that was acknowledged. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import { seeded } from "../seeded.ts";
import { afterTest, command, databasePath, nodeEntry, openDatabase } from "./built-package.ts";

const TableName = "Journal";
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" as const }],
};

/** Collects what a process says and waits for a line of it. */
function listen(child: ChildProcess): { said(): string; line(pattern: RegExp): Promise<RegExpExecArray> } {
  let said = "";
  const hear = (bytes: Buffer) => {
    said += bytes.toString();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  return {
    said: () => said,
    async line(pattern) {
      for (;;) {
        const match = pattern.exec(said);
        if (match) return match;
        if (child.exitCode !== null) throw new Error(`The process ended:\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

describe.each(["in memory", "in a file"])("a process with an open database %s", (where) => {
  test("ends by itself, though nobody has closed the database", async () => {
    const options = where === "in memory" ? {} : { file: databasePath() };
    const script = `
      import { Dynatab } from ${JSON.stringify(nodeEntry)};
      const db = await Dynatab.open("test", ${JSON.stringify(options)});
      await db.execute("CreateTable", ${JSON.stringify(definition)});
      await db.execute("PutItem", { TableName: "Journal", Item: { Id: { S: "1" } } });
      console.log("written");`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
    afterTest(() => child.kill("SIGKILL"));
    const heard = listen(child);
    const [code] = await once(child, "exit");
    expect([code, heard.said()]).toEqual([0, "written\n"]);
  });
});

/** `dynatab serve --db FILE` as a process. */
async function startServer(file: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [command, "serve", "--port", "0", "--db", file]);
  afterTest(() => child.kill("SIGKILL"));
  const [, url] = await listen(child).line(/DynamoDB at (http:\S+)/);
  return { child, url: url! };
}

async function ask(url: string, operation: string, input: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20261122T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=a/20261122/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(input),
  });
}

const WRITERS = 8;

test(`dynatab serve --db: what it has acknowledged is there after ${count("serveKills")} kills in the middle of writing`, async () => {
  const file = databasePath();
  const draw = seeded(seed);
  const acknowledged = new Set<string>();
  const refused: string[] = [];
  for (let round = 0; round < count("serveKills"); round += 1) {
    const { child, url } = await startServer(file);
    if (round === 0) expect((await ask(url, "CreateTable", definition)).status).toBe(200);
    const ended = once(child, "exit");
    const before = acknowledged.size;
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; ; n += 1) {
        const id = `${round}/${writer}/${n}`;
        const answer = await ask(url, "PutItem", { TableName, Item: { Id: { S: id }, Text: { S: "x".repeat(n % 2000) } } });
        if (answer.status === 200) acknowledged.add(id);
        else refused.push(await answer.text());
      }
    };
    // Each ends with the connection.
    const writing = Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    while (acknowledged.size < before + WRITERS) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, draw() * 300));
    child.kill("SIGKILL");
    await ended;
    await writing;
    expect(refused).toEqual([]);
  }
  const db = await openDatabase(file);
  const found = new Set<string>();
  let start: Record<string, unknown> | undefined;
  do {
    const page = await db.execute("Scan", { TableName, ProjectionExpression: "Id", ExclusiveStartKey: start as never });
    for (const { Id } of page.Items ?? []) found.add(Id!.S!);
    start = page.LastEvaluatedKey;
  } while (start);
  expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
  // Of each round, every writer may have had one write that was made and not answered.
  expect(found.size - acknowledged.size).toBeLessThanOrEqual(WRITERS * count("serveKills"));
});
