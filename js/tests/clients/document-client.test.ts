/** The AWS SDK's document client at work: plain JavaScript values in, plain JavaScript values out. */
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { openShop } from "./single-table.ts";

const TableName = "Shop";

/** Orders alternate between open and paid; the index lists a status by the day of the order. */
function order(n: number) {
  const id = `order-${String(n).padStart(2, "0")}`;
  const status = n % 2 === 0 ? "open" : "paid";
  return {
    pk: "customer#ada",
    sk: id,
    gsi1pk: `status#${status}`,
    gsi1sk: `2026-02-${String(28 - n).padStart(2, "0")}`,
    status,
    price: n + 0.25,
    basket: [{ sku: "cable", count: n }, { sku: "plug" }],
    tags: new Set(["new", `t${n}`]),
    blob: new Uint8Array([n, 255]),
    gift: n === 3,
    note: null,
  };
}

async function openDocuments() {
  return DynamoDBDocumentClient.from(await openShop(), { marshallOptions: { removeUndefinedValues: true } });
}

async function openOrders(count: number) {
  const documents = await openDocuments();
  const PutRequests = Array.from({ length: count }, (_, n) => ({ PutRequest: { Item: order(n) } }));
  const written = await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: PutRequests } }));
  expect(written.UnprocessedItems).toEqual({});
  return documents;
}

const key = (n: number) => ({ pk: "customer#ada", sk: order(n).sk });

describe("DynamoDBDocumentClient", () => {
  test("creates an item once, every type intact", async () => {
    const documents = await openDocuments();
    const create = new PutCommand({ TableName, Item: order(3), ConditionExpression: "attribute_not_exists(pk)" });
    await documents.send(create);
    expect((await documents.send(new GetCommand({ TableName, Key: key(3) }))).Item).toEqual(order(3));
    await expect(documents.send(create)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });

  test("queries an index in its order", async () => {
    const documents = await openOrders(6);
    const query = {
      TableName,
      IndexName: "gsi1",
      KeyConditionExpression: "gsi1pk = :status AND gsi1sk BETWEEN :from AND :to",
      ExpressionAttributeValues: { ":status": "status#open", ":from": "2026-02-01", ":to": "2026-02-27" },
    };
    expect((await documents.send(new QueryCommand(query))).Items).toEqual([order(4), order(2)]);
    const newest = await documents.send(new QueryCommand({ ...query, ScanIndexForward: false, Limit: 1 }));
    expect(newest).toMatchObject({ Items: [order(2)], Count: 1, LastEvaluatedKey: { ...key(2), gsi1sk: "2026-02-26" } });
  });

  test("updates nested values, counters and sets, and moves the item within the index", async () => {
    const documents = await openOrders(4);
    const updated = await documents.send(
      new UpdateCommand({
        TableName,
        Key: key(2),
        UpdateExpression:
          "SET #status = :paid, gsi1pk = :status, basket[0].#count = basket[0].#count + :one, history = list_append(if_not_exists(history, :none), :event)" +
          " REMOVE gift ADD price :one DELETE tags :new",
        ConditionExpression: "#status = :open AND size(basket) = :two",
        ExpressionAttributeNames: { "#status": "status", "#count": "count" },
        ExpressionAttributeValues: {
          ":paid": "paid",
          ":status": "status#paid",
          ":one": 1,
          ":two": 2,
          ":none": [],
          ":event": ["paid by card"],
          ":open": "open",
          ":new": new Set(["new"]),
        },
        ReturnValues: "ALL_NEW",
      }),
    );
    const { gift: _, ...before } = order(2);
    const after = {
      ...before,
      status: "paid",
      gsi1pk: "status#paid",
      price: 3.25,
      basket: [{ sku: "cable", count: 3 }, { sku: "plug" }],
      history: ["paid by card"],
      tags: new Set(["t2"]),
    };
    expect(updated.Attributes).toEqual(after);
    const paid = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: "gsi1",
        KeyConditionExpression: "gsi1pk = :s",
        ExpressionAttributeValues: { ":s": "status#paid" },
      }),
    );
    expect(paid.Items).toEqual([order(3), after, order(1)]);
  });

  test("deletes on a condition and shows the item that failed it", async () => {
    const documents = await openOrders(4);
    const remove = (n: number) =>
      documents.send(
        new DeleteCommand({
          TableName,
          Key: key(n),
          ConditionExpression: "#status = :paid",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":paid": "paid" },
          ReturnValues: "ALL_OLD",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    expect((await remove(1)).Attributes).toEqual(order(1));
    await expect(remove(2)).rejects.toMatchObject({ name: "ConditionalCheckFailedException", Item: { sk: { S: "order-02" } } });
    const left = await documents.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [key(1), key(2)] } } }));
    expect(left.Responses).toEqual({ [TableName]: [order(2)] });
  });

  test("pages through a query and through a scan without losing or repeating an item", async () => {
    const documents = await openOrders(25);
    const all = Array.from({ length: 25 }, (_, n) => order(n).sk);
    const query = { TableName, KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": "customer#ada" } };
    const sizes: number[] = [];
    const queried: string[] = [];
    for await (const page of paginateQuery({ client: documents, pageSize: 10 }, query)) {
      sizes.push(page.Count!);
      queried.push(...page.Items!.map((item) => item.sk));
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(queried).toEqual(all);
    const scan = { TableName, FilterExpression: "gift = :no", ExpressionAttributeValues: { ":no": false } };
    const scanned: string[] = [];
    let pages = 0;
    for await (const page of paginateScan({ client: documents, pageSize: 7 }, scan)) {
      pages += 1;
      scanned.push(...page.Items!.map((item) => item.sk));
    }
    expect(pages).toBe(4);
    expect(scanned.sort()).toEqual(all.filter((sk) => sk !== "order-03"));
  });
});
