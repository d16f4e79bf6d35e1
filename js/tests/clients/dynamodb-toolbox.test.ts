/** dynamodb-toolbox at work: a typed entity whose keys and index keys are links over its attributes. */
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import {
  $add,
  $append,
  $get,
  $remove,
  $set,
  $sum,
  BatchGetCommand,
  BatchGetRequest,
  BatchPutRequest,
  BatchWriteCommand,
  DeleteItemCommand,
  Entity,
  executeBatchGet,
  executeBatchWrite,
  GetItemCommand,
  item,
  list,
  map,
  number,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  set,
  string,
  Table,
  UpdateItemCommand,
} from "dynamodb-toolbox";
import { describe, expect, test } from "vitest";
import { openShop } from "./single-table.ts";

async function openOrders(count = 0) {
  const table = new Table({
    name: "Shop",
    documentClient: DynamoDBDocumentClient.from(await openShop()),
    partitionKey: { name: "pk", type: "string" },
    sortKey: { name: "sk", type: "string" },
    indexes: {
      gsi1: { type: "global", partitionKey: { name: "gsi1pk", type: "string" }, sortKey: { name: "gsi1sk", type: "string" } },
    },
  });
  const entity = new Entity({
    name: "Order",
    table,
    schema: item({
      customer: string().key(),
      id: string().key(),
      status: string().enum("open", "paid").default("open"),
      placed: string(),
      total: number(),
      tags: set(string()).optional(),
      events: list(string()).optional(),
      address: map({ city: string(), street: string().optional() }).optional(),
    }).and((order) => ({
      gsi1pk: string()
        .hidden()
        .link<typeof order>(({ status }) => `status#${status}`),
      gsi1sk: string()
        .hidden()
        .link<typeof order>(({ placed }) => placed),
    })),
    computeKey: ({ customer, id }: { customer: string; id: string }) => ({ pk: `customer#${customer}`, sk: `order#${id}` }),
  });
  const puts = Array.from({ length: count }, (_, n) => entity.build(BatchPutRequest).item(order(n)));
  if (count > 0) await executeBatchWrite(table.build(BatchWriteCommand).requests(...puts));
  return { table, entity };
}

const order = (n: number) => ({
  customer: "ada",
  id: String(n).padStart(2, "0"),
  placed: `2026-02-${String(28 - n).padStart(2, "0")}`,
  total: n,
});

describe("dynamodb-toolbox", () => {
  test("creates an entity once", async () => {
    const { entity } = await openOrders();
    const details = { ...order(1), tags: new Set(["new"]), events: ["placed"], address: { city: "Ghent" } };
    const create = entity
      .build(PutItemCommand)
      .item(details)
      .options({ condition: { attr: "customer", exists: false } });
    await create.send();
    const { Item } = await entity.build(GetItemCommand).key({ customer: "ada", id: "01" }).options({ consistent: true }).send();
    expect(Item).toMatchObject({ ...details, status: "open", created: expect.any(String) });
    await expect(create.send()).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });

  test("queries an index by a range, with a filter and a projection", async () => {
    const { table, entity } = await openOrders(6);
    const query = { index: "gsi1", partition: "status#open", range: { gte: "2026-02-24" } } as const;
    const { Items } = await table
      .build(QueryCommand)
      .query(query)
      .entities(entity)
      .options({ filters: { Order: { attr: "total", gt: 1 } }, attributes: ["id", "total"] })
      .send();
    expect(Items).toEqual([4, 3, 2].map((n) => ({ id: order(n).id, total: n })));
  });

  test("updates an entity's numbers, lists, sets and nested values", async () => {
    const { entity } = await openOrders();
    const details = { ...order(1), tags: new Set(["new"]), events: ["placed"], address: { city: "Ghent", street: "Veldstraat" } };
    await entity.build(PutItemCommand).item(details).send();
    const { Attributes } = await entity
      .build(UpdateItemCommand)
      .item({
        customer: "ada",
        id: "01",
        status: "paid",
        total: $add(5),
        tags: $add(new Set(["vip"])),
        events: $append(["paid"]),
        address: { city: "Bruges", street: $remove() },
      })
      .options({ condition: { attr: "status", eq: "open" }, returnValues: "ALL_NEW" })
      .send();
    expect(Attributes).toMatchObject({ status: "paid", total: 6, tags: new Set(["new", "vip"]), events: ["placed", "paid"] });
    expect(Attributes?.address).toEqual({ city: "Bruges" });
  });

  test("deletes on a condition", async () => {
    const { table, entity } = await openOrders(3);
    const remove = (id: string) =>
      entity
        .build(DeleteItemCommand)
        .key({ customer: "ada", id })
        .options({
          condition: {
            and: [
              { attr: "total", lt: 2 },
              { attr: "status", eq: "open" },
            ],
          },
          returnValues: "ALL_OLD",
        })
        .send();
    expect((await remove("01")).Attributes).toMatchObject(order(1));
    await expect(remove("02")).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    const { Items = [] } = await table.build(QueryCommand).query({ partition: "customer#ada" }).entities(entity).send();
    expect(Items.map(({ id }) => id)).toEqual(["00", "02"]);
  });

  test("pages from one last key to the next", async () => {
    const { table, entity } = await openOrders(25);
    const command = table.build(QueryCommand).query({ index: "gsi1", partition: "status#open" }).entities(entity);
    const pages: string[][] = [];
    let exclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await command.options({ limit: 10, reverse: true, ...(exclusiveStartKey && { exclusiveStartKey }) }).send();
      pages.push((page.Items ?? []).map(({ id }) => id));
      exclusiveStartKey = page.LastEvaluatedKey;
    } while (exclusiveStartKey);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, n) => order(n).id));
    const { Items } = await table.build(ScanCommand).entities(entity).options({ limit: 10, maxPages: Number.POSITIVE_INFINITY }).send();
    expect(Items).toHaveLength(25);
  });

  test("gets many at once, and scans in segments", async () => {
    const { table, entity } = await openOrders(25);
    const gets = [3, 1, 99].map((n) => entity.build(BatchGetRequest).key({ customer: "ada", id: String(n).padStart(2, "0") }));
    const { Responses } = await executeBatchGet(table.build(BatchGetCommand).requests(...gets));
    expect(Responses?.[0].map((found) => found?.total)).toEqual([3, 1, undefined]);
    const segments = await Promise.all(
      [0, 1, 2].map((segment) => table.build(ScanCommand).entities(entity).options({ segment, totalSegments: 3 }).send()),
    );
    const scanned = segments.flatMap(({ Items = [] }) => Items.map(({ total }) => total));
    expect(scanned.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  test("updates with values of the item itself", async () => {
    const { entity } = await openOrders(2);
    const { Attributes } = await entity
      .build(UpdateItemCommand)
      .item({
        customer: "ada",
        id: "01",
        total: $sum($get("total", 0), 41),
        events: $append(["late"]),
        placed: $get("status"),
        address: $set({ city: "Liege" }),
      })
      .options({ returnValues: "UPDATED_NEW" })
      .send();
    expect(Attributes).toMatchObject({ total: 42, events: ["late"], placed: "open", address: { city: "Liege" } });
  });
});
