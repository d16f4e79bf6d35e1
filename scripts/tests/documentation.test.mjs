/**
 * The code of README and guides, run as it stands in Node on the built package; what is for a page (the guides for PWAs and for the playground)
 * runs in Chromium, `tests-browser/`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { codeBlocks, pages, programs } from "../documentation.mjs";
import { root, toolEnv } from "../paths.mjs";
import { run } from "../run.mjs";

const entry = pathToFileURL(join(root, "pkg", "dist", "node.js")).href;
const folder = join(root, "test-results", "documentation");

/** A folder inside the checkout, so that the packages of examples are found, with the built package among them. */
function freshFolder(name) {
  const made = join(folder, name);
  rmSync(made, { recursive: true, force: true });
  mkdirSync(join(made, "node_modules"), { recursive: true });
  symlinkSync(join(root, "pkg"), join(made, "node_modules", "dynatab"));
  return made;
}

/** Runs a module in a process that must end by itself. */
async function runModule(name, code) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  return (await run("node", [file], { seconds: 60 })).trim().split("\n").pop();
}

describe("README", () => {
  it("creates, writes, queries and gets", async () => {
    const [first] = programs("README.md", () => entry);
    const output = await runModule("readme", `${first.code}\nconsole.log(JSON.stringify({ Items, Item }));`);
    expect(JSON.parse(output)).toEqual({
      Items: [{ Artist: "The Tidal Pools", SongTitle: "Low Water", Year: 2019 }],
      Item: { Artist: { S: "The Tidal Pools" }, SongTitle: { S: "Low Water" }, Year: { N: "2019" } },
    });
  });

  it("sees the changes of its example", async () => {
    const { code } = programs("README.md", () => entry).find((program) => program.code.includes("db.changes("));
    const output = await runModule("readme-changes", `${code}\nawait db.close();\nconsole.log(JSON.stringify(seen));`);
    expect(JSON.parse(output)).toEqual(["INSERT Ada 000000000000000000001", "REMOVE Ada 000000000000000000002"]);
  });

  it.each(programs("README.md", () => entry).slice(1))("runs its program of line $line", async ({ code, line }) => {
    await runModule(`readme-${line}`, code);
  });
});

describe.each(["docs/architecture.md", "docs/guide-aws.md", "docs/guide-tests.md"])("%s", (page) => {
  it.each(programs(page, () => entry))("runs its program of line $line", async ({ code, line }) => {
    await runModule(`${page.replace(/\W+/g, "-")}-${line}`, code);
  });
});

describe("the recipes for tests", () => {
  const recipes = codeBlocks("docs/guide-tests.md").filter(({ file }) => file);

  it("Vitest runs its own", async () => {
    const made = freshFolder("vitest");
    const [{ file, code }] = recipes;
    writeFileSync(join(made, file), code);
    // The checkout's own configuration would be found above it.
    writeFileSync(join(made, "vitest.config.mjs"), "export default {};\n");
    // Not this run's own variables: the runner inside would take itself for a part of it.
    const env = Object.fromEntries(Object.entries(toolEnv()).filter(([name]) => !name.startsWith("VITEST")));
    expect(await run("vitest", ["run", "--root", made, "--reporter=verbose"], { env, seconds: 60 })).toMatch(/1 passed/);
  });

  it("Jest runs its own", async () => {
    const made = freshFolder("jest");
    for (const { file, code } of recipes.slice(1)) writeFileSync(join(made, file), code);
    symlinkSync(join(root, "node_modules", "jest"), join(made, "node_modules", "jest"));
    const { scripts } = JSON.parse(readFileSync(join(made, "package.json"), "utf8"));
    const [command, ...args] = scripts.test.split(" ");
    expect(await run(command, args, { cwd: made, seconds: 60 })).toMatch(/2 passed/);
  });
});

describe("the service worker of the guide for PWAs", () => {
  const { code } = codeBlocks("docs/guide-pwa.md").find(({ file }) => file === "sw.js");

  it("keeps the package's files, answers from them, and drops those of other releases", async () => {
    const listeners = {};
    const kept = new Map([["notes-0", []]]);
    const caches = {
      open: async (name) => ({ addAll: async (files) => kept.set(name, files) }),
      keys: async () => [...kept.keys()],
      delete: async (name) => kept.delete(name),
      match: async (request) => (kept.get("notes-1").includes(request) ? `kept ${request}` : undefined),
    };
    const scope = { addEventListener: (name, listener) => Object.assign(listeners, { [name]: listener }) };
    vm.runInNewContext(code, { self: scope, caches, fetch: async (request) => `fetched ${request}`, Promise });
    for (const event of ["install", "activate"]) await new Promise((resolve) => listeners[event]({ waitUntil: resolve }));
    expect([...kept.keys()]).toEqual(["notes-1"]);
    for (const file of kept.get("notes-1").filter((path) => path.startsWith("./dynatab/"))) {
      expect(existsSync(join(root, "pkg", "dist", file.slice("./dynatab/".length))), file).toBe(true);
    }
    const answer = (request) => new Promise((resolve) => listeners.fetch({ request, respondWith: resolve }));
    expect([await answer("./app.js"), await answer("./api")]).toEqual(["kept ./app.js", "fetched ./api"]);
  });
});

it("the architecture page names files that are there, and its picture is one for light and dark", () => {
  const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const sources = [...page.matchAll(/`((?:js|crate)\/[^`]+)`/g)].map(([, path]) => path);
  const linked = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => `docs/${path}`);
  for (const path of [...sources, ...linked]) expect(existsSync(join(root, path)), path).toBe(true);
  expect(sources.length).toBeGreaterThan(10);
  expect(linked).toContain("docs/architecture.svg");
  const picture = readFileSync(join(root, "docs", "architecture.svg"), "utf8");
  expect(picture).toContain("prefers-color-scheme: dark");
  // Each of the page's steps has its number in the picture.
  const steps = page.match(/^\d+\. /gm).length;
  const numbers = [...picture.matchAll(/class="number"[^>]*>(\d+)</g)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: steps }, (_, at) => at + 1));
});

it("there is no code in README and guides that nobody runs", () => {
  const guides = readdirSync(join(root, "docs")).filter((name) => name.startsWith("guide-"));
  expect(pages).toEqual(["README.md", "docs/architecture.md", ...guides.map((name) => `docs/${name}`)]);
  const recipes = ["docs/guide-tests.md music.test.ts", "docs/guide-tests.md package.json", "docs/guide-tests.md music.test.js"];
  for (const page of pages) {
    for (const { language, file, line } of codeBlocks(page)) {
      const how = file ? `${page} ${file}` : language;
      const files = ["docs/guide-pwa.md sw.js", "docs/guide-pwa.md api-sw.js", "docs/guide-playground.md docs-page.html"];
      expect([...recipes, ...files, "html", "ts", "sh"], `${page}, line ${line}`).toContain(how);
    }
  }
});
