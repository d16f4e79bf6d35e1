/** Pages that are written by machine say what is so now. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { apiReference } from "../api-reference.mjs";
import { compatibility } from "../compatibility.mjs";
import { root } from "../paths.mjs";

const page = (name) => readFileSync(join(root, "docs", name), "utf8");

it("docs/api.md is the reference of the types as they are: else run `node scripts/api-reference.mjs`", () => {
  expect(page("api.md")).toBe(apiReference());
}, 60_000);

it("docs/compatibility.md is what the package answers: else build, then run `node scripts/compatibility.mjs`", async () => {
  expect(page("compatibility.md")).toBe(await compatibility());
});
