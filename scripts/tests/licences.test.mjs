import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageDir } from "../build.mjs";

it("everything that ships is named with its licence text, and nothing that only builds is", () => {
  const text = readFileSync(join(packageDir("product"), "THIRD-PARTY-LICENSES"), "utf8");
  for (const name of [
    "wasm-bindgen",
    "console_error_panic_hook",
    "md-5",
    "sql.js",
    "papaparse",
    "preact",
    "@codemirror/view",
    "@lezer/common",
    "@aws-sdk/client-dynamodb",
    "@livestore/wa-sqlite",
    "SQLite",
    "The Rust standard library",
  ]) {
    expect(text).toContain(name);
  }
  expect(text.match(/Permission is hereby granted/g).length).toBeGreaterThan(3);
  for (const name of ["rusqlite", "proptest", "wasm-bindgen-macro ", "esbuild", "vite", "axe-core"]) expect(text).not.toContain(name);
  // Texts are taken over, paths of the machine that built it are not.
  expect(text).not.toMatch(/\.cargo|\/home\/|\/root\//);
});
