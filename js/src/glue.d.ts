/**
 * wasm-bindgen's glue, which can be started afresh, because a database has an instance of its own.
 * The module exists in bundles only (`scripts/build.mjs`).
 */
declare module "dynatab:glue" {
  /** The glue around a new instance of the engine. */
  export const instantiateEngine: import("./engine.ts").InstantiateEngine;
}
