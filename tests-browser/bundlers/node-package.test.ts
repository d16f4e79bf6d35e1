/** The packed package in Node, as a module and as CommonJS, and what the linters of packages say of it. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installBundlers } from "../../scripts/bundlers.mjs";
import { builtPackage } from "../page-server.ts";
import { Project, pack } from "./project.ts";

let tarball: string;
let project: Project;

beforeAll(async () => {
  await installBundlers();
  tarball = await pack(builtPackage("product"));
  project = await Project.make("node", tarball, { overlay: "node" });
});

afterAll(() => {
  project?.remove();
  if (tarball) rmSync(dirname(tarball), { recursive: true, force: true });
});

test("modules and CommonJS keep their data in the same file, and the process ends with a database open", async () => {
  const printed: unknown[] = [];
  for (const script of ["visit.mjs", "visit.cjs", "visit.mjs"]) printed.push(JSON.parse(await project.run(["node", script])));
  expect(printed).toEqual(["1", "2", "3"].map((visits) => ({ persistence: "file", visits })));
});

test("publint has nothing to say", async () => {
  expect(await project.run(["publint", "--strict", tarball])).toContain("All good!");
});

test("every entry's types are found in every way of resolving modules that knows `exports`", async () => {
  const attw = ["attw", tarball, "--profile", "node16", "--format", "ascii"];
  // What is not JavaScript to import, and what is for browsers alone: their builds, and the playground, which is a module only.
  const files = ["worker.js", "broker.js", "dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm", "package.json"];
  const leftOut = ["inline", "service-worker", "playground", ...files];
  // It fails when there is a problem.
  await project.run([...attw, "--exclude-entrypoints", ...leftOut]);
  await project.run([...attw, "--entrypoints", "playground", "--ignore-rules", "cjs-resolves-to-esm"]);
});
