/** The SDK's requests of one turn travel together. */
import { beforeAll, expect, test } from "vitest";
import { type Tab, useSite } from "./browser-site.ts";
import type { api } from "./pages/sdk.ts";

const site = useSite();
let tab: Tab<typeof api>;
const items = (first: number, count: number) => Array.from({ length: count }, (_, n) => ({ Id: `item ${first + n}`, Value: n }));

beforeAll(async () => {
  tab = await site().open<typeof api>("sdk");
  await tab.call("open", "coalescing");
  await tab.call("createTable", {
    TableName: "Plain",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
  });
});

test("fifty PutItem at once are one message there and one back", async () => {
  await tab.call("messagesOfOneTurn", "Plain", items(0, 1));
  expect(await tab.call("messagesOfOneTurn", "Plain", items(1, 50))).toEqual({ sent: 1, received: 1 });
  for (const item of items(1, 50)) expect(await tab.call("getItem", "Plain", { Id: item.Id })).toEqual(item);
});
