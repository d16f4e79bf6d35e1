/**
 * Code the build takes from other packages and from wasm-bindgen: each can be started afresh, because a database has instances of its own.
 * The module exists in bundles only (`scripts/build.mjs`).
 */
declare module "dynatab:glue" {
  /** wasm-bindgen's glue around a new instance of the engine. */
  export const instantiateEngine: import("./engine.ts").InstantiateEngine;
  /** sql.js's script, evaluated anew with every call. */
  export const evaluateSqlJs: () => import("./drivers/sqljs.ts").InitSqlJs;
  /** Makes a new instance of wa-sqlite. */
  export const createWaSqlite: import("./drivers/wa-sqlite.ts").WaSqliteAssets["createModule"];
}
