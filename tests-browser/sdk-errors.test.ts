/** Errors reach the SDK's caller as the SDK's own, at once, and nothing is sent a second time behind the caller's back. */
import { beforeAll, expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import type { api } from "./pages/sdk.ts";
import { keepsData } from "./test-browser.ts";

const site = useSite();
let tab: Tab<typeof api>;

beforeAll(async () => {
  tab = await site().open<typeof api>("sdk", "test");
  await tab.call("open", "errors");
  await tab.call("createTable", {
    TableName: "Plain",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
  });
});

test("a table that is not there is the SDK's ResourceNotFoundException, after one attempt", async () => {
  expect(await tab.call("refusal", "Nowhere", { Id: "x" })).toEqual({
    name: "ResourceNotFoundException",
    message: "Requested resource not found",
    ownClass: true,
    status: 400,
    attempts: 1,
  });
});

test("a key that does not fit is a ValidationException of the SDK's family, after one attempt", async () => {
  expect(await tab.call("refusal", "Plain", { Wrong: "x" })).toMatchObject({
    name: "ValidationException",
    message: "The provided key element does not match the schema",
    ownClass: true,
    attempts: 1,
  });
});

// In memory nobody can tell what was done before it.
test.runIf(keepsData)("a crash of the engine beside a write is not seen by its caller: the write is sent once, and done", async () => {
  expect(await tab.call("putIntoCrash", "Plain", { Id: "crash" })).toEqual({ error: undefined, sent: 1 });
  expect(await tab.call("getItem", "Plain", { Id: "crash" })).toEqual({ Id: "crash" });
});
