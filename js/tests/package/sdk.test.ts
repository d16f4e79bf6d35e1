import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { fakeWorld, ok, openFake } from "./fake-engine.ts";

const conditionFailed = {
  __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
  message: "The conditional request failed",
  Item: { id: { S: "1" } },
};

async function conversation() {
  const items = new Map<string, unknown>();
  const world = fakeWorld((operation, body) => {
    const input = JSON.parse(body);
    if (operation === "PutItem") {
      if (input.ConditionExpression) return { status: 400, body: conditionFailed };
      items.set(JSON.stringify(input.Item.id), input.Item);
      return ok({});
    }
    if (operation === "GetItem") return ok({ Item: items.get(JSON.stringify(input.Key.id)) });
    if (operation === "Trap") return "trap";
    return { status: 400, body: { __type: "com.amazon.coral.service#UnknownOperationException" } };
  });
  return { world, db: await openFake(world) };
}

describe("the AWS SDK's client", () => {
  // rule 114
  test("puts and gets items, binary values included", async () => {
    const { db } = await conversation();
    const client = new DynamoDBClient(db.clientConfig());
    const Item = { id: { S: "1" }, data: { B: new Uint8Array([0, 255, 7]) }, n: { N: "1.5" } };
    const put = await client.send(new PutItemCommand({ TableName: "T", Item }));
    expect(put.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 1, requestId: expect.stringMatching(/^[0-9A-Z]{52}$/) });
    const got = await client.send(new GetItemCommand({ TableName: "T", Key: { id: { S: "1" } } }));
    expect(got.Item).toEqual(Item);
  });

  test("throws the service's errors as its own classes", async () => {
    const { db } = await conversation();
    const client = new DynamoDBClient(db.clientConfig());
    const put = client.send(
      new PutItemCommand({ TableName: "T", Item: { id: { S: "1" } }, ConditionExpression: "attribute_not_exists(id)" }),
    );
    await expect(put).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: { id: { S: "1" } },
      $metadata: { httpStatusCode: 400 },
    });
    await expect(client.send(new BatchGetItemCommand({ RequestItems: {} }))).rejects.toMatchObject({ name: "UnknownOperationException" });
  });

  test("sends the requests of one turn in one batch", async () => {
    const { db, world } = await conversation();
    const client = new DynamoDBClient(db.clientConfig());
    const put = (id: number) => client.send(new PutItemCommand({ TableName: "T", Item: { id: { N: `${id}` } } }));
    await put(0);
    const before = world.batches.length;
    await Promise.all(Array.from({ length: 50 }, (_, id) => put(id)));
    expect(world.batches.length - before).toBe(1);
  });

  test("hears of an engine that died once, without trying again", async () => {
    const { db, world } = await conversation();
    const client = new DynamoDBClient(db.clientConfig());
    const trap = db.dispatch("T.Trap", "");
    trap.catch(() => {});
    const get = client.send(new GetItemCommand({ TableName: "T", Key: { id: { S: "1" } } }));
    get.catch(() => {});
    await expect(trap).rejects.toMatchObject({ name: "EngineCrashedError" });
    await get.catch(() => {});
    expect(world.batches.flat().filter((operation) => operation === "GetItem").length).toBeLessThanOrEqual(1);
    await client.send(new GetItemCommand({ TableName: "T", Key: { id: { S: "1" } } }));
  });

  test("can abort a request", async () => {
    const { db, world } = await conversation();
    const client = new DynamoDBClient(db.clientConfig());
    await client.send(new GetItemCommand({ TableName: "T", Key: { id: { S: "1" } } }));
    world.asynchronous = true;
    const abort = new AbortController();
    const get = client.send(new GetItemCommand({ TableName: "T", Key: { id: { S: "1" } } }), { abortSignal: abort.signal });
    setTimeout(() => abort.abort(), 10);
    await expect(get).rejects.toMatchObject({ name: "AbortError" });
  });

  test("needs nothing from the environment", async () => {
    const { db } = await conversation();
    const kept = { ...process.env };
    for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name];
    try {
      const client = new DynamoDBClient(db.clientConfig());
      await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: "UnknownOperationException" });
    } finally {
      Object.assign(process.env, kept);
    }
  });
});

describe("the DocumentClient", () => {
  test("puts and gets plain objects", async () => {
    const { db } = await conversation();
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(db.clientConfig()));
    const Item = { id: "1", tags: new Set(["a", "b"]), nested: { list: [1, null, true] }, data: new Uint8Array([1, 2]) };
    await client.send(new PutCommand({ TableName: "T", Item }));
    expect((await client.send(new GetCommand({ TableName: "T", Key: { id: "1" } }))).Item).toEqual(Item);
  });
});

describe("execute", () => {
  test("converts both ways and adds the metadata the SDK would", async () => {
    const { db } = await conversation();
    const Item = { id: { S: "1" }, data: { B: new Uint8Array([0, 255]) } };
    await db.execute("PutItem", { TableName: "T", Item });
    const got = await db.execute("GetItem", { TableName: "T", Key: { id: { S: "1" } } });
    expect(got.Item).toEqual(Item);
    expect(got.$metadata.httpStatusCode).toBe(200);
  });

  test("rejects with the service's error", async () => {
    const { db } = await conversation();
    const put = db.execute("PutItem", { TableName: "T", Item: { id: { S: "1" } }, ConditionExpression: "attribute_not_exists(id)" });
    await expect(put).rejects.toMatchObject({ name: "ConditionalCheckFailedException", Item: { id: { S: "1" } } });
  });

  test("sends the operations of DynamoDB Streams to their own service", async () => {
    const targets: string[] = [];
    const db = await openFake(
      fakeWorld((_operation, _body, target) => {
        targets.push(target);
        return ok({});
      }),
    );
    await db.execute("GetRecords", { ShardIterator: "x" });
    await db.execute("ListTables", {});
    expect(targets).toEqual(["DynamoDBStreams_20120810.GetRecords", "DynamoDB_20120810.ListTables"]);
  });
});
