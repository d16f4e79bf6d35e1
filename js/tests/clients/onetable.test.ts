/** OneTable at work: it creates its own table from its schema, and its value templates make the keys. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: OneTable's own templates are written this way
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Entity, Table } from "dynamodb-onetable";
import { describe, expect, test } from "vitest";
import { openDatabase } from "./single-table.ts";

const schema = {
  format: "onetable:1.1.0",
  version: "0.0.1",
  indexes: {
    primary: { hash: "pk", sort: "sk" },
    gs1: { hash: "gs1pk", sort: "gs1sk", project: "all" },
  },
  models: {
    Order: {
      pk: { type: String, value: "customer#${customer}" },
      sk: { type: String, value: "order#${id}" },
      gs1pk: { type: String, value: "status#${status}" },
      gs1sk: { type: String, value: "${placed}" },
      customer: { type: String, required: true },
      id: { type: String, required: true },
      status: { type: String, enum: ["open", "paid"], default: "open" },
      placed: { type: String },
      total: { type: Number },
      events: { type: Array },
      due: { type: Date },
    },
  },
  params: { isoDates: true, timestamps: true },
} as const;

type Order = Entity<typeof schema.models.Order>;

const order = (n: number) => ({
  customer: "ada",
  id: String(n).padStart(2, "0"),
  placed: `2026-02-${String(28 - n).padStart(2, "0")}`,
  total: n,
});

async function openTable(count = 0) {
  const table = new Table({
    client: new DynamoDBClient((await openDatabase()).clientConfig()),
    name: "Shop",
    schema,
    partial: true,
    logger: false,
  });
  await table.createTable();
  const orders = table.getModel<Order>("Order");
  if (count > 0) {
    const batch = {};
    for (let n = 0; n < count; n++) await orders.create(order(n), { batch, exists: null });
    await table.batchWrite(batch);
  }
  return { table, orders };
}

describe("OneTable", () => {
  test("creates its table, and an item once", async () => {
    const { table, orders } = await openTable();
    expect(await table.exists()).toBe(true);
    const due = new Date("2026-03-01T12:00:00.000Z");
    await orders.create({ ...order(1), events: ["placed"], due });
    expect(await orders.get({ customer: "ada", id: "01" })).toMatchObject({ ...order(1), status: "open", events: ["placed"], due });
    await expect(orders.create(order(1))).rejects.toThrow(/exists|conditional/i);
  });

  test("finds by an index, with a range on its sort key and a where clause", async () => {
    const { orders } = await openTable(6);
    const found = await orders.find(
      { status: "open", gs1sk: { between: ["2026-02-23", "2026-02-27"] } },
      { index: "gs1", where: "${total} > {1} and attribute_exists(${placed})" },
    );
    expect(found.map(({ id }) => id)).toEqual(["05", "04", "03", "02"]);
    expect((await orders.find({ status: "open" }, { index: "gs1", count: true })).count).toBe(6);
  });

  test("updates an item's numbers and lists, and only one that exists", async () => {
    const { orders } = await openTable(2);
    const updated = await orders.update(
      { customer: "ada", id: "01", status: "paid", placed: "2026-02-27" },
      { add: { total: 5 }, set: { events: ["paid"] }, where: "${status} = {open}" },
    );
    expect(updated).toMatchObject({ ...order(1), status: "paid", total: 6, events: ["paid"] });
    expect((await orders.update({ customer: "ada", id: "01" }, { push: { events: ["sent"] }, remove: ["due"] })).events).toEqual([
      "paid",
      "sent",
    ]);
    expect((await orders.find({ status: "open" }, { index: "gs1" })).map(({ id }) => id)).toEqual(["00"]);
    await expect(orders.update({ customer: "ada", id: "99", total: 1 })).rejects.toThrow(/conditional/i);
    expect(await orders.get({ customer: "ada", id: "99" })).toBeUndefined();
  });

  test("removes on a condition", async () => {
    const { orders } = await openTable(3);
    const remove = (id: string) => orders.remove({ customer: "ada", id }, { where: "${total} < {2}", exists: true });
    expect(await remove("01")).toMatchObject(order(1));
    await expect(remove("02")).rejects.toThrow(/conditional/i);
    expect((await orders.find({ customer: "ada" })).map(({ id }) => id)).toEqual(["00", "02"]);
  });

  test("pages with `next`", async () => {
    const { orders } = await openTable(25);
    const pages: string[][] = [];
    let next: object | undefined;
    do {
      const page = await orders.find({ status: "open" }, { index: "gs1", limit: 10, reverse: true, ...(next && { next }) });
      pages.push(page.map(({ id }) => id));
      next = page.next;
    } while (next);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, n) => order(n).id));
    expect(await orders.scan({}, { where: "${total} >= {20}" })).toHaveLength(5);
  });

  test("upserts, gets many at once, and groups what it finds by its type", async () => {
    const { table, orders } = await openTable();
    await orders.upsert({ ...order(1), status: "open" });
    expect(await orders.upsert({ customer: "ada", id: "01", total: 7 })).toMatchObject({ ...order(1), total: 7 });
    await orders.create(order(2));
    const batch = {};
    await orders.get({ customer: "ada", id: "01" }, { batch });
    await orders.get({ customer: "ada", id: "02" }, { batch });
    const got = await table.batchGet<Order>(batch, { parse: true, hidden: false });
    expect(got.map(({ id, total }) => [id, total]).sort()).toEqual([
      ["01", 7],
      ["02", 2],
    ]);
    const items = await table.queryItems({ pk: "customer#ada", sk: { begins: "order#" } }, { parse: true, hidden: true });
    expect(table.groupByType(items).Order).toHaveLength(2);
  });
});
