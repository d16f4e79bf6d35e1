/** ElectroDB at work: two entities in one table, their keys composed by the library, and the collection they share. */
import { Entity, type QueryResponse, Service } from "electrodb";
import { describe, expect, test } from "vitest";
import { openShop } from "./single-table.ts";

async function openService() {
  const client = await openShop();
  const orders = new Entity(
    {
      model: { entity: "order", version: "1", service: "shop" },
      attributes: {
        customer: { type: "string", required: true },
        id: { type: "string", required: true },
        status: { type: ["open", "paid"] as const, required: true, default: "open" },
        placed: { type: "string", required: true },
        total: { type: "number", default: 0 },
        tags: { type: "set", items: "string" },
        events: { type: "list", items: { type: "string" } },
      },
      indexes: {
        primary: { pk: { field: "pk", composite: ["customer"] }, sk: { field: "sk", composite: ["id"] } },
        byStatus: {
          index: "gsi1",
          collection: "work",
          pk: { field: "gsi1pk", composite: ["status"] },
          sk: { field: "gsi1sk", composite: ["placed"] },
        },
      },
    },
    { client, table: "Shop" },
  );
  const tickets = new Entity(
    {
      model: { entity: "ticket", version: "1", service: "shop" },
      attributes: {
        number: { type: "number", required: true },
        status: { type: ["open", "done"] as const, required: true },
        opened: { type: "string", required: true },
      },
      indexes: {
        primary: { pk: { field: "pk", composite: ["number"] }, sk: { field: "sk", composite: [] } },
        byStatus: {
          index: "gsi1",
          collection: "work",
          pk: { field: "gsi1pk", composite: ["status"] },
          sk: { field: "gsi1sk", composite: ["opened"] },
        },
      },
    },
    { client, table: "Shop" },
  );
  return new Service({ orders, tickets });
}

const order = (n: number) => ({
  customer: "ada",
  id: `o-${String(n).padStart(2, "0")}`,
  placed: `2026-02-${String(28 - n).padStart(2, "0")}`,
  total: n,
});

describe("ElectroDB", () => {
  test("creates an entity once", async () => {
    const { orders } = (await openService()).entities;
    const created = await orders.create({ ...order(1), tags: ["new", "gift"], events: [] }).go();
    expect(created.data).toEqual({ ...order(1), status: "open", tags: ["new", "gift"], events: [] });
    const got = await orders.get({ customer: "ada", id: "o-01" }).go();
    expect(got.data).toMatchObject({ ...order(1), status: "open", tags: expect.arrayContaining(["new", "gift"]) });
    await expect(orders.create(order(1)).go()).rejects.toThrow("The conditional request failed");
  });

  test("queries an index by part of its sort key, and a collection over both entities", async () => {
    const { entities, collections } = await openService();
    await entities.orders.put(Array.from({ length: 5 }, (_, n) => order(n))).go();
    await entities.tickets.put({ number: 1, status: "open", opened: "2026-02-20" }).go();
    const since = await entities.orders.query.byStatus({ status: "open" }).gte({ placed: "2026-02-26" }).go();
    expect(since.data.map(({ id }) => id)).toEqual(["o-02", "o-01", "o-00"]);
    const costly = await entities.orders.query
      .byStatus({ status: "open" })
      .where(({ total }, { gt }) => gt(total, 2))
      .go();
    expect(costly.data.map(({ id }) => id)).toEqual(["o-04", "o-03"]);
    const work = await collections.work({ status: "open" }).go();
    expect(work.data.orders).toHaveLength(5);
    expect(work.data.tickets).toEqual([{ number: 1, status: "open", opened: "2026-02-20" }]);
  });

  test("patches an entity, and only one that exists", async () => {
    const { orders } = (await openService()).entities;
    await orders.create({ ...order(1), tags: ["new"], events: ["placed"] }).go();
    const patched = await orders
      .patch({ customer: "ada", id: "o-01" })
      .set({ status: "paid" })
      .add({ total: 5, tags: ["vip"] })
      .append({ events: ["paid"] })
      .composite({ placed: order(1).placed })
      .where(({ status }, { eq }) => eq(status, "open"))
      .go({ response: "all_new" });
    expect(patched.data).toMatchObject({ status: "paid", total: 6, events: ["placed", "paid"] });
    expect([...(patched.data.tags ?? [])].sort()).toEqual(["new", "vip"]);
    expect((await orders.query.byStatus({ status: "open" }).go()).data).toEqual([]);
    expect((await orders.query.byStatus({ status: "paid" }).go()).data).toHaveLength(1);
    const absent = orders.patch({ customer: "ada", id: "o-99" }).set({ total: 1 }).go();
    await expect(absent).rejects.toThrow("The conditional request failed");
    expect((await orders.get({ customer: "ada", id: "o-99" }).go()).data).toBeNull();
  });

  test("deletes on a condition", async () => {
    const { orders } = (await openService()).entities;
    await orders.put([order(1), order(2)]).go();
    const remove = (id: string) =>
      orders
        .delete({ customer: "ada", id })
        .where(({ total }, { lt }) => lt(total, 2))
        .go({ response: "all_old" });
    expect((await remove("o-01")).data).toMatchObject(order(1));
    await expect(remove("o-02")).rejects.toThrow("The conditional request failed");
    expect((await orders.query.primary({ customer: "ada" }).go()).data.map(({ id }) => id)).toEqual(["o-02"]);
  });

  test("pages with its cursor until there is none", async () => {
    const { orders } = (await openService()).entities;
    await orders.put(Array.from({ length: 25 }, (_, n) => order(n))).go();
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page: QueryResponse<typeof orders> = await orders.query.byStatus({ status: "open" }).go({ cursor, limit: 10, order: "desc" });
      pages.push(page.data.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, n) => order(n).id));
    const scanned = await orders.scan.go({ pages: "all", limit: 10 });
    expect(scanned.data).toHaveLength(25);
  });

  test("upserts, computes with values there already, and gets many at once", async () => {
    const { orders } = (await openService()).entities;
    await orders.upsert({ ...order(1), total: 99 }).go();
    await orders.upsert(order(1)).go();
    const change = () =>
      orders
        .update({ customer: "ada", id: "o-01" })
        .data(({ total, events }, { ifNotExists, subtract }) => {
          ifNotExists(events, ["first"]);
          subtract(total, 1);
        })
        .go({ response: "updated_new" });
    expect((await change()).data).toMatchObject({ total: 0, events: ["first"] });
    expect((await change()).data).toMatchObject({ total: -1, events: ["first"] });
    await orders.put(Array.from({ length: 110 }, (_, n) => ({ ...order(n % 28), id: `many-${n}` }))).go();
    const keys = Array.from({ length: 120 }, (_, n) => ({ customer: "ada", id: `many-${n}` }));
    const { data, unprocessed } = await orders.get(keys).go({ preserveBatchOrder: true });
    expect(unprocessed).toEqual([]);
    expect(data.map((one) => one?.id)).toEqual(keys.map(({ id }, n) => (n < 110 ? id : undefined)));
    const some = await orders.query
      .primary({ customer: "ada" })
      .begins({ id: "many-10" })
      .where(
        (at, { contains, notExists, between }) => `(${contains(at.id, "0")} AND ${notExists(at.tags)}) AND ${between(at.total, 0, 28)}`,
      )
      .go({ attributes: ["id"] });
    expect(some.data).toEqual(
      ["10", "100", "101", "102", "103", "104", "105", "106", "107", "108", "109"].map((n) => ({ id: `many-${n}` })),
    );
    await orders.delete(keys).go();
    expect((await orders.match({ customer: "ada" }).go()).data.map(({ id }) => id)).toEqual(["o-01"]);
  });
});
