/** The storage contract suite, compiled into the engine's test build, in a browser's worker over the drivers it can have. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmDir } from "../scripts/wasm.mjs";
import { type Tab, useSite } from "./browser-site.ts";
import type { api } from "./pages/contract.ts";
import { drivers } from "./test-browser.ts";

/** The cases' names, asked of the build itself. */
async function storageCases(): Promise<string[]> {
  const glue = join(wasmDir("test"), "dynatab.js");
  if (!existsSync(glue)) throw new Error(`${glue} is not built: run \`npm run build -- --test\` first.`);
  const { initSync, contract_cases } = (await import(pathToFileURL(glue).href)) as {
    initSync(options: { module: BufferSource }): void;
    contract_cases(): string;
  };
  initSync({ module: readFileSync(join(wasmDir("test"), "dynatab_bg.wasm")) });
  return JSON.parse(contract_cases()) as string[];
}

const cases = await storageCases();
const site = useSite();

test("the suite has cases", () => {
  expect(cases.length).toBeGreaterThan(100);
});

describe.each(drivers)("over %s", (driver) => {
  let tab: Tab<typeof api>;
  beforeAll(async () => {
    tab = await site().open<typeof api>("contract", "test");
  });
  afterAll(() => tab.close());

  test.each(cases)("%s", async (name) => {
    expect(await tab.call("run", { suite: "storage", driver, name })).toBeNull();
  });
});
