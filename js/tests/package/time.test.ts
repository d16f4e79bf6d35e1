/** The time a database goes by, and how long changes of tables take, in the package as it is built. */
import { expect, test, vi } from "vitest";
import type { Dynatab } from "../../src/node/index.ts";
import { dynatab, openWith as open } from "./built-package.ts";

const HOUR = 3_600_000;

const create = (db: Dynatab) =>
  db.execute("CreateTable", {
    TableName: "Tab",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });

const status = async (db: Dynatab) => (await db.execute("DescribeTable", { TableName: "Tab" })).Table?.TableStatus;

async function putExpiring(db: Dynatab, at: number) {
  await db.execute("UpdateTimeToLive", { TableName: "Tab", TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" } });
  await db.execute("PutItem", { TableName: "Tab", Item: { pk: { S: "a" }, expires: { N: `${Math.floor(at / 1000)}` } } });
}

const waitUntilGone = (db: Dynatab) =>
  vi.waitFor(async () => expect((await db.stats()).tables[0]?.itemCount).toBe(0), { timeout: 10_000, interval: 100 });

test("a database goes by the clock it is given", async () => {
  let time = Date.UTC(2001, 1, 3);
  const db = await open({ now: () => time });
  const { TableDescription } = await create(db);
  expect(TableDescription?.CreationDateTime).toEqual(new Date(time));
  await putExpiring(db, time + HOUR);
  time += HOUR + 1000;
  await waitUntilGone(db);
});

test("setTime lets an item expire without waiting, and gives the real time back", async () => {
  const db = await open({});
  await create(db);
  const expires = Date.now() + 5 * HOUR;
  await putExpiring(db, expires);
  const shown = await db.setTime(new Date(expires + 2000));
  expect(shown.getTime()).toBe(expires + 2000);
  await waitUntilGone(db);
  // Set back, the clock is obeyed all the same: what expires by it goes.
  expect(Math.abs((await db.setTime(null)).getTime() - Date.now())).toBeLessThan(HOUR);
  await db.execute("PutItem", { TableName: "Tab", Item: { pk: { S: "b" }, expires: { N: `${Math.floor(Date.now() / 1000) - 5}` } } });
  await waitUntilGone(db);
});

test("changes of tables take as long as they are told to, each by its own", async () => {
  let time = Date.UTC(2020, 1, 1);
  const db = await open({ now: () => time, tableActivationMs: 1000, tableUpdateMs: 2000, tableDeletionMs: 3000 });
  await create(db);
  expect(await status(db)).toBe("CREATING");
  time += 1000;
  expect(await status(db)).toBe("ACTIVE");
  await db.execute("UpdateTable", { TableName: "Tab", TableClass: "STANDARD_INFREQUENT_ACCESS" });
  time += 1999;
  expect(await status(db)).toBe("UPDATING");
  time += 1;
  expect(await status(db)).toBe("ACTIVE");
  await db.execute("DeleteTable", { TableName: "Tab" });
  time += 2999;
  expect(await status(db)).toBe("DELETING");
  time += 1;
  await expect(status(db)).rejects.toBeInstanceOf(dynatab.ResourceNotFoundException);
});

test.each([
  { tableUpdateMs: -1 },
  { tableDeletionMs: Number.NaN },
  { indexCreationMs: "soon" as unknown as number },
  { now: 5 as unknown as () => number },
])("%o is refused", async (options) => {
  await expect(open(options)).rejects.toBeInstanceOf(dynatab.InvalidOptionError);
});

test("a time that is none is refused", async () => {
  const db = await open({});
  for (const time of [Number.NaN, new Date("nonsense"), Number.POSITIVE_INFINITY]) {
    await expect(db.setTime(time)).rejects.toBeInstanceOf(dynatab.InvalidOptionError);
  }
});
