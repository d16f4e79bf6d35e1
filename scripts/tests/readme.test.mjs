/** The README's examples, run as they stand in Node on the built package (in a page they run the same code behind a worker). */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { expect, it } from "vitest";
import { root } from "../paths.mjs";
import { run } from "../run.mjs";

const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
const entry = pathToFileURL(join(root, "pkg", "dist", "node.js")).href;

/** Runs examples as one module and returns what the last line, added here, prints. */
async function runExample(name, code) {
  const folder = join(root, "test-results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `readme-${name}.mjs`);
  const javascript = transformSync(code, { loader: "ts", format: "esm", target: "node20" }).code;
  writeFileSync(file, javascript.replace(/from "dynatab(\/node)?"/g, `from "${entry}"`));
  return (await run("node", [file], { seconds: 60 })).trim().split("\n").pop();
}

it("the first examples create, write, query and get", async () => {
  const [first, second] = blocks;
  const output = await runExample("page", `${first}\n${second}\nawait db.close();\nconsole.log(JSON.stringify({ Items, Item }));`);
  expect(JSON.parse(output)).toEqual({
    Items: [{ Artist: "The Tidal Pools", SongTitle: "Low Water", Year: 2019 }],
    Item: { Artist: { S: "The Tidal Pools" }, SongTitle: { S: "Low Water" }, Year: { N: "2019" } },
  });
});

it("the example for Node opens a database", async () => {
  const output = await runExample(
    "node",
    `${blocks[2]}\nconst { TableNames } = await db.execute("ListTables", {});\nawait db.close();\nconsole.log(JSON.stringify(TableNames));`,
  );
  expect(JSON.parse(output)).toEqual([]);
});

it("the example of changes sees what is written", async () => {
  const output = await runExample("changes", `${blocks[3]}\nawait db.close();\nconsole.log(JSON.stringify(seen));`);
  expect(JSON.parse(output)).toEqual(["INSERT Ada 000000000000000000001", "REMOVE Ada 000000000000000000002"]);
  expect(blocks).toHaveLength(4);
});
