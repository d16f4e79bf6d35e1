/** The programs of the guide for PWAs, as they stand, in a page. Those of the other guides run in Node (`scripts/tests/documentation.test.mjs`). */
import { expect, test } from "vitest";
import { codeBlocks, programs } from "../scripts/documentation.mjs";
import { useChromium } from "./browser-site.ts";
import type { api } from "./pages/doors.ts";

const site = useChromium();

test.each(programs("docs/guide-pwa.md", (module) => module))("docs/guide-pwa.md: the program of line $line runs", async ({ code }) => {
  const tab = await site().open("doors");
  const said: string[] = [];
  tab.page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  const module = `new Blob([${JSON.stringify(code)}], { type: "text/javascript" })`;
  // As text: the runner would rewrite an import here.
  await tab.page.evaluate(`import(URL.createObjectURL(${module})).then(() => {})`);
  expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
  expect(said).toContainEqual(expect.stringMatching(/^info: 2 items could be read; problems: none$/));
  await tab.close();
});

test("docs/guide-pwa.md: the service worker that answers from the database answers, and says when no tab has it", async () => {
  const { code } = codeBlocks("docs/guide-pwa.md").find(({ file }) => file === "api-sw.js")!;
  site().server.put("/product/api-sw.js", code.replaceAll("./dynatab/", "./dist/"));
  const first = await site().open<typeof api>("doors");
  await first.page.evaluate(async () => {
    await navigator.serviceWorker.register("api-sw.js", { type: "module" });
    await navigator.serviceWorker.ready;
  });
  const page = await site().open<typeof api>("doors");
  const fetched = () => page.page.evaluate(() => fetch("api/notes").then(async (response) => [response.status, await response.json()]));
  expect(await fetched()).toEqual([503, expect.objectContaining({ name: "PersistenceUnavailableError" })]);
  expect(await first.call("open", "notes")).toEqual({ value: { persistence: "opfs" } });
  await first.call("execute", "DeleteTable", { TableName: "Notes" });
  const AttributeDefinitions = [{ AttributeName: "Id", AttributeType: "S" }];
  const KeySchema = [{ AttributeName: "Id", KeyType: "HASH" }];
  await first.call("execute", "CreateTable", { TableName: "Notes", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions, KeySchema });
  await first.call("execute", "PutItem", { TableName: "Notes", Item: { Id: { S: "1" }, Text: { S: "Milk" } } });
  expect(await fetched()).toEqual([200, [{ Id: { S: "1" }, Text: { S: "Milk" } }]]);
  await Promise.all([first.close(), page.close()]);
});
