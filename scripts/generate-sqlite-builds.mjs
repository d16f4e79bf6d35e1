#!/usr/bin/env node
// Writes js/src/generated/sqlite-builds.ts: what the imports and exports of the two SQLite modules are called.
//
//   node scripts/generate-sqlite-builds.mjs
//
// Emscripten shortens the names in a module and leaves their meaning to the script beside it. Of those scripts (15 and 22 kB gzipped, an
// emulated file system for the most part) the drivers need nothing else, so the names are read out of them here, and the scripts do not ship.
// The output is checked in; a test says when a package's new release has other names.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const target = fileURLToPath(new URL("../js/src/generated/sqlite-builds.ts", import.meta.url));

/** What every driver calls: the module's start, and the C functions a frame needs. */
const FRAME_FUNCTIONS =
  `initialize _malloc _free _sqlite3_prepare_v2 _sqlite3_bind_int _sqlite3_bind_double _sqlite3_bind_text _sqlite3_bind_blob
  _sqlite3_step _sqlite3_reset _sqlite3_finalize _sqlite3_column_count _sqlite3_column_type _sqlite3_column_double _sqlite3_column_text
  _sqlite3_column_blob _sqlite3_column_bytes _sqlite3_changes _sqlite3_errmsg _sqlite3_sql _sqlite3_close_v2`.split(/\s+/);

/** And what each calls beside that. */
const SQL_JS_FUNCTIONS = ["_sqlite3_open"];
const WA_SQLITE_FUNCTIONS = `_main getTempRet0 _sqlite3_open_v2 _sqlite3_extended_result_codes _sqlite3_db_config _sqlite3_next_stmt
  _sqlite3_bind_int64 _sqlite3_column_int64 _libvfs_vfs_register`.split(/\s+/);

/** Closure has taken the names of sql.js's imports: what they do tells which is which. */
const SQL_JS_IMPORTS = [
  ["abort", /(\w+):\(a,b,d,c\)=>\w+\(`Assertion failed/],
  ["abort", /(\w+):\(\)=>\w+\(""\)/],
  ["dateNow", /(\w+):\(\)=>Date\.now\(\)/],
  ["now", /(\w+):\(\)=>performance\.now\(\)/],
  ["heapLimit", /(\w+):\(\)=>2147483648/],
  ["resizeHeap", /(\w+):a=>\{var b=E\.length;a>>>=0;if\(a>2147483648\)return!1/],
  ["environment", /(\w+):\(a,b\)=>\{var d=\w+\(\);I\[a>>2\]=d\.length/],
  ["open", /(\w+):function\(a,b,d,c\)\{\w+=c;try\{b=A\(b\);b=\w+\(a,b\);var e=c\?/],
  ["read", /(\w+):function\(a,b,d,c\)\{try\{a:\{var e=R\(a\);a=b;for/],
  ["close", /(\w+):function\(a\)\{try\{var b=R\(a\);\w+\(b\);return 0/],
];

const WA_SQLITE_IMPORTS = {
  ___assert_fail: "abort",
  _emscripten_date_now: "dateNow",
  _emscripten_get_now: "now",
  _emscripten_resize_heap: "resizeHeap",
  _environ_sizes_get: "environment",
  ___syscall_openat: "open",
  _fd_read: "read",
  _fd_close: "close",
};

function found(text, pattern, what) {
  const match = pattern.exec(text);
  if (!match) throw new Error(`${what} is not where it was: see how the package's script does it now`);
  return match[1];
}

/** What sql.js's script says of its module: `exports` holds all C functions. */
function sqlJs() {
  const script = readFileSync(require.resolve("sql.js/dist/sql-wasm-browser.js"), "utf8").replaceAll("\n", "");
  const imports = SQL_JS_IMPORTS.map(([meaning, pattern]) => [found(script, pattern, `sql.js's ${meaning}`), meaning]);
  const exports = [...script.matchAll(/\bk\.(_\w+)=c\.([\w$]+)/g)].map(([, name, short]) => [name, short]);
  exports.push(["initialize", found(script, /\w+\(\),\w+\.(\w+)\(\),\w+=!1,k\.onRuntimeInitialized/, "sql.js's start")]);
  return { imports: Object.fromEntries(imports), exports: Object.fromEntries(exports) };
}

function waSqlite() {
  const script = readFileSync(require.resolve("@livestore/wa-sqlite/dist/wa-sqlite.mjs"), "utf8").replaceAll("\n", "");
  const imports = [];
  for (const [, short, name] of found(script, /wasmImports=\{([^}]+)\}/, "wa-sqlite's imports").matchAll(/([\w$]+):(\w+)/g)) {
    // A name like `_ipppj` spells the types of a call to a method of a JavaScript object; those of promises end in `_async`.
    const meaning = WA_SQLITE_IMPORTS[name] ?? (/^_[iv]p[a-z]+$/.test(name) ? "relay" : undefined);
    if (meaning) imports.push([short, meaning]);
  }
  const exports = [...script.matchAll(/Module\["(_\w+)"\]=wasmExports\["([\w$]+)"\]/g)].map(([, name, short]) => [name, short]);
  exports.push(["initialize", found(script, /___wasm_call_ctors=wasmExports\["([\w$]+)"\]/, "wa-sqlite's start")]);
  exports.push(["getTempRet0", found(script, /__emscripten_tempret_get=wasmExports\["([\w$]+)"\]/, "the high half of 64 bits")]);
  return { imports: Object.fromEntries(imports), exports: Object.fromEntries(exports) };
}

/** The names of a build: what its imports mean, and what its exports are called. */
export const sqliteNames = { sqlJs, waSqlite };

function chosen(name, { exports }, functions) {
  const wanted = [...FRAME_FUNCTIONS, ...functions];
  const missing = wanted.filter((each) => !(each in exports));
  if (missing.length > 0) throw new Error(`${name} has no ${missing.join(", ")}`);
  return Object.fromEntries(wanted.map((each) => [each, exports[each]]));
}

/** What the drivers call of each module: C names, and what those exports are called. */
export const calledExports = {
  sqlJs: () => chosen("SQL_JS", sqlJs(), SQL_JS_FUNCTIONS),
  waSqlite: () => chosen("WA_SQLITE", waSqlite(), WA_SQLITE_FUNCTIONS),
};

const identifier = /^[A-Za-z_][\w]*$/;
const entries = (record) =>
  Object.entries(record)
    .map(([name, value]) => `    ${identifier.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
    .join("");

function build(name, comment, { imports }, exports) {
  return `
/** ${comment} */
export const ${name}: SqliteBuild = {
  imports: {
${entries(imports)}  },
  exports: {
${entries(exports)}  },
};
`;
}

/** The generated file's text. */
export function sqliteBuilds() {
  return `/**
 * What the imports and exports of the SQLite modules are called.
 *
 * Generated by scripts/generate-sqlite-builds.mjs from the scripts of the packages; changes belong there.
 */
import type { SqliteBuild } from "../drivers/sqlite-module.ts";
${build("SQL_JS", "sql.js.", sqlJs(), calledExports.sqlJs())}${build(
  "WA_SQLITE",
  "wa-sqlite, its synchronous build.",
  waSqlite(),
  calledExports.waSqlite(),
)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, sqliteBuilds());
  console.log(`Wrote ${target}`);
}
