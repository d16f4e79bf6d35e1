/** The programs of the guide for PWAs, as they stand, in a page. Those of the other guides run in Node (`scripts/tests/documentation.test.mjs`). */
import { expect, test } from "vitest";
import { programs } from "../scripts/documentation.mjs";
import { useSite } from "./browser-site.ts";

const site = useSite();

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
