import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageDir } from "../build.mjs";
import { calledExports } from "../generate-sqlite-builds.mjs";
import { root } from "../paths.mjs";

const shipped = (file) => readFileSync(join(packageDir("product"), "dist", file));

it("the engine that ships holds no path of the machine that built it", () => {
  const text = shipped("dynatab.wasm").toString("latin1");
  for (const path of [`${root}/`, `${homedir()}/`, "/root/", "/home/", "/registry/", "/rustlib/"]) expect(text).not.toContain(path);
});

it.each([
  { file: "sqljs.wasm", called: calledExports.sqlJs },
  { file: "wa-sqlite.wasm", called: calledExports.waSqlite },
])("$file exports its memory and what its driver calls, and nothing else", ({ file, called }) => {
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(shipped(file)));
  expect(exports.filter(({ kind }) => kind === "memory")).toHaveLength(1);
  const functions = exports.filter(({ kind }) => kind !== "memory").map(({ name }) => name);
  expect(functions.sort()).toEqual(Object.values(called()).sort());
});
