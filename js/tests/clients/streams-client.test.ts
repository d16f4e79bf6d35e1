/** The AWS SDK's client of DynamoDB Streams at work: every operation, and a loop that follows three writers. */
import { expect, test } from "vitest";
import { Replay } from "../streams/replay.ts";
import { expectedTour, tailWithSdk, tour } from "../streams/sdk-tour.ts";
import { tableContents, tableWithStream, writeConcurrently } from "../streams/writers.ts";
import { openDatabase } from "./single-table.ts";

const WRITES = 10_000;

test("all operations, all five kinds of iterator, and pages", async () => {
  // rules 99-102
  expect(await tour(await openDatabase())).toEqual(expectedTour);
});

test("a loop over GetRecords sees ten thousand concurrent writes, each once and in order", async () => {
  const db = await openDatabase();
  await db.execute("CreateTable", tableWithStream);
  const replay = new Replay();
  await Promise.all([writeConcurrently(db, WRITES), tailWithSdk(db, replay, WRITES)]);
  expect(replay.count).toBe(WRITES);
  expect(replay.equals(await tableContents(db))).toBe(true);
});
