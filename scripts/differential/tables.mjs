/**
 * The tables the item operations work on: every key type, with and without sort key, global indexes (multi-attribute keys among them)
 * and local ones, with each projection. An attribute of a key is written `name:type`.
 */

const parseKey = (text) => {
  const [name, type] = text.split(":");
  return { name, type };
};

const index = (kind, name, hash, range, projection) => ({ kind, name, hash: hash.map(parseKey), range: range.map(parseKey), projection });
const all = { ProjectionType: "ALL" };
const keysOnly = { ProjectionType: "KEYS_ONLY" };
const include = (...attributes) => ({ ProjectionType: "INCLUDE", NonKeyAttributes: attributes });

const table = (name, hash, range, indexes = []) => ({ name, hash: [parseKey(hash)], range: range ? [parseKey(range)] : [], indexes });

export const tables = [
  table("hash-s", "pk:S"),
  table("hash-n", "pk:N", undefined, [index("global", "by-s", ["s:S"], [], all)]),
  table("hash-b", "pk:B"),
  table("range-ss", "pk:S", "sk:S", [
    index("global", "all", ["g:S"], ["h:N"], all),
    index("global", "keys", ["h:N"], [], keysOnly),
    index("global", "inc", ["g:S"], ["s:S"], include("a", "n")),
    index("local", "l-all", ["pk:S"], ["x:S"], all),
    index("local", "l-keys", ["pk:S"], ["y:N"], keysOnly),
  ]),
  table("range-sn", "pk:S", "sk:N", [
    index("local", "l-inc", ["pk:S"], ["x:B"], include("a", "m")),
    index("global", "bin", ["y:B"], ["x:B"], all),
  ]),
  table("range-nb", "pk:N", "sk:B", [index("global", "turned", ["sk:B"], ["pk:N"], all)]),
  table("multi", "pk:S", "sk:N", [
    index("global", "wide", ["g:S", "h:N"], ["x:S", "y:N", "z:B"], all),
    index("global", "pair", ["x:S", "y:N"], [], include("a")),
  ]),
];

/** What a read of `on` (a table or an index of it) is asked by: its key's attributes. */
export const keysOf = (on) => [...on.hash, ...on.range];

/** Every key attribute of a table and its indexes, once. */
export function keyAttributes(table) {
  const found = new Map();
  for (const on of [table, ...table.indexes]) for (const key of keysOf(on)) found.set(key.name, key.type);
  return [...found].map(([name, type]) => ({ name, type }));
}

const keySchema = (on) => [
  ...on.hash.map(({ name }) => ({ AttributeName: name, KeyType: "HASH" })),
  ...on.range.map(({ name }) => ({ AttributeName: name, KeyType: "RANGE" })),
];

const indexDefinition = (on) => ({ IndexName: on.name, KeySchema: keySchema(on), Projection: on.projection });

/** The CreateTable request of a table. */
export function definition(table) {
  const members = {
    TableName: table.name,
    AttributeDefinitions: keyAttributes(table).map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(table),
    BillingMode: "PAY_PER_REQUEST",
  };
  const global = table.indexes.filter(({ kind }) => kind === "global");
  const local = table.indexes.filter(({ kind }) => kind === "local");
  if (global.length > 0) members.GlobalSecondaryIndexes = global.map(indexDefinition);
  if (local.length > 0) members.LocalSecondaryIndexes = local.map(indexDefinition);
  return members;
}
