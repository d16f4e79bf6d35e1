/**
 * wasm-bindgen's glue, which can be started afresh, because a database has an instance of its own.
 * The module exists in bundles only (`scripts/build.mjs`).
 */
declare module "dynatab:glue" {
  /** The glue around a new instance of the engine. */
  export const instantiateEngine: import("./engine.ts").InstantiateEngine;
}

/** What the single-file build carries inside; the module exists in that bundle only (`scripts/package/inline.mjs`). */
declare module "dynatab:inlined" {
  export type InlinedFile = "worker.js" | "dynatab.wasm" | "sqljs.wasm" | "wa-sqlite.wasm";
  /** Each file, compressed by gzip, in base64 with `_` for `/`. */
  export const files: Record<InlinedFile, string>;
}
