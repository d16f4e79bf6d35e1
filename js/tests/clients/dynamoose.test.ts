/** dynamoose at work: the model creates its table, index included, and waits until it is there. */
import * as dynamoose from "dynamoose";
import { describe, expect, test } from "vitest";
import { openDatabase } from "./single-table.ts";

/** dynamoose keeps one connection for everything: every test points it at its own database. */
async function openOrders(count = 0) {
  const ddb = new dynamoose.aws.ddb.DynamoDB((await openDatabase()).clientConfig());
  dynamoose.aws.ddb.set(ddb);
  const schema = new dynamoose.Schema(
    {
      customer: { type: String, hashKey: true },
      id: { type: String, rangeKey: true },
      status: { type: String, enum: ["open", "paid"], default: "open", index: { name: "byStatus", type: "global", rangeKey: "placed" } },
      placed: Number,
      total: Number,
      tags: { type: Set, schema: [String] },
      events: { type: Array, schema: [String] },
      due: Date,
    },
    { timestamps: true },
  );
  const orders = dynamoose.model("Order", schema);
  const table = new dynamoose.Table("Shop", [orders], { throughput: "ON_DEMAND", initialize: false });
  await table.initialize();
  if (count > 0) await orders.batchPut(Array.from({ length: count }, (_, n) => order(n)));
  return orders;
}

const order = (n: number) => ({ customer: "ada", id: String(n).padStart(2, "0"), placed: 1000 - n, total: n });

describe("dynamoose", () => {
  test("creates its table, and an item once", async () => {
    const orders = await openOrders();
    const details = { ...order(1), tags: new Set(["new"]), events: ["placed"], due: new Date("2026-03-01T12:00:00.000Z") };
    await orders.create(details);
    const got = await orders.get({ customer: "ada", id: "01" });
    expect({ ...got }).toMatchObject({ ...details, status: "open", createdAt: expect.any(Date) });
    await expect(orders.create(details)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });

  test("queries an index by a range, with a filter", async () => {
    const orders = await openOrders(6);
    const found = await orders.query("status").eq("open").where("placed").between(995, 999).filter("total").gt(1).using("byStatus").exec();
    expect(found.map(({ id }) => id)).toEqual(["05", "04", "03", "02"]);
    const counted = await orders.query("status").eq("open").using("byStatus").count().exec();
    expect(counted.count).toBe(6);
  });

  test("updates an item's numbers, lists and attributes", async () => {
    const orders = await openOrders(1);
    await orders.create({ ...order(1), events: ["placed"], due: new Date() });
    const updated = await orders.update(
      { customer: "ada", id: "01" },
      { $SET: { status: "paid" }, $ADD: { total: 5, events: ["paid"] }, $REMOVE: ["due"] },
      { condition: new dynamoose.Condition().filter("status").eq("open") },
    );
    expect({ ...updated }).toMatchObject({ ...order(1), status: "paid", total: 6, events: ["placed", "paid"] });
    expect(updated).not.toHaveProperty("due");
    const open = await orders.query("status").eq("open").using("byStatus").exec();
    expect(open.map(({ id }) => id)).toEqual(["00"]);
  });

  test("deletes on a condition", async () => {
    const orders = await openOrders(3);
    const condition = new dynamoose.Condition().filter("total").lt(2);
    await orders.delete({ customer: "ada", id: "01" }, { condition });
    await expect(orders.delete({ customer: "ada", id: "02" }, { condition })).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    expect((await orders.query("customer").eq("ada").exec()).map(({ id }) => id)).toEqual(["00", "02"]);
  });

  test("pages from one last key to the next", async () => {
    const orders = await openOrders(25);
    const pages: string[][] = [];
    let lastKey: Parameters<ReturnType<typeof orders.query>["startAt"]>[0];
    do {
      const query = orders.query("status").eq("open").using("byStatus").sort("descending").limit(10);
      const page = await query.startAt(lastKey).exec();
      pages.push(page.map(({ id }) => id));
      lastKey = page.lastKey;
    } while (lastKey);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, n) => order(n).id));
    expect(await orders.scan().limit(10).all().exec()).toHaveLength(25);
  });

  test("gets and deletes many at once, and scans in segments with a nested condition", async () => {
    const orders = await openOrders(25);
    const keys = [1, 2, 99].map((n) => ({ customer: "ada", id: String(n).padStart(2, "0") }));
    expect((await orders.batchGet(keys)).map(({ id }) => id).sort()).toEqual(["01", "02"]);
    await orders.batchDelete(keys);
    const open = new dynamoose.Condition()
      .where("status")
      .eq("open")
      .and()
      .parenthesis(new dynamoose.Condition().where("total").lt(4).or().where("id").in(["10", "11"]));
    const found = await orders.scan(open).parallel(3).exec();
    expect(found.map(({ id }) => id).sort()).toEqual(["00", "03", "10", "11"]);
  });
});
