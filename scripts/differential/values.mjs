/** Attribute values and items, lawful and not. Keys come from small pools, so that requests meet the items of earlier ones. */
import { keyAttributes, keysOf } from "./tables.mjs";

const base64 = (...bytes) => Buffer.from(bytes).toString("base64");

const STRINGS = ["a", "b", "ab", "abc", "b c", "é", "日本", "🙂", "Z", "0", "10", "a\u0000b", '"q"'];
const NUMBERS = ["0", "1", "-1", "2", "10", "-10", "1.5", "3.14159", "100", "1e3", "0.001"];
const BINARIES = [base64(0), base64(1), base64(0, 1), base64(255), base64(97, 98), base64(1, 2, 3, 4)];
const STRANGE_NUMBERS = [
  "+5",
  ".5",
  "5.",
  "1.e5",
  "00042",
  "-0",
  "1E-130",
  "9.9e125",
  "-9.9e125",
  "1e-5",
  "0e125",
  "12345678901234567890123456789012345678",
  "1.50",
];
const BAD_NUMBERS = [
  "abc",
  "",
  " 1",
  "1 ",
  "1e",
  "0x5",
  "NaN",
  "Infinity",
  "1_000",
  "1e126",
  "1e-131",
  "0e126",
  "0e-131",
  "123456789012345678901234567890123456789",
  "1e99999999999",
  "1e99999999999999999999",
  "1e2147483647",
  "1e2147483648",
  "--1",
];

/** The attributes of items that are no keys, with the type each has most of the time. */
export const ATTRIBUTES = {
  a: "S",
  b: "N",
  n: "N",
  s: "S",
  ss: "SS",
  ns: "NS",
  bs: "BS",
  l: "L",
  m: "M",
  flag: "BOOL",
  nul: "NULL",
  bin: "B",
  d: "N",
  "with space": "S",
  status: "S",
  "x.y": "N",
};
const TYPES = ["S", "N", "B", "SS", "NS", "BS", "L", "M", "BOOL", "NULL"];

const makers = {
  S: (random) => (random.chance(5) ? "" : random.pick(STRINGS)),
  N: (random) => random.pick(random.chance(15) ? STRANGE_NUMBERS : NUMBERS),
  B: (random) => (random.chance(5) ? "" : random.pick(BINARIES)),
  SS: (random) => random.some(STRINGS, random.between(1, 4)),
  NS: (random) => random.some(NUMBERS, random.between(1, 4)),
  BS: (random) => random.some(BINARIES, random.between(1, 3)),
  L: (random, depth) => Array.from({ length: random.between(0, 3) }, () => anyValue(random, depth + 1)),
  M: (random, depth) =>
    Object.fromEntries(random.some(["a", "b", "k", "l", "n"], random.between(0, 3)).map((name) => [name, anyValue(random, depth + 1)])),
  BOOL: (random) => random.chance(50),
  NULL: () => true,
};

/** A lawful value of a type. */
export const lawfulValue = (random, type, depth = 0) => ({ [type]: makers[type](random, depth) });

/** A lawful value of any type; nested ones become rarer with the depth. */
export function anyValue(random, depth = 0) {
  return lawfulValue(random, depth > 2 ? random.pick(["S", "N", "BOOL"]) : random.pick(TYPES), depth);
}

/** A value from the pool keys are taken from, never empty. */
export function keyValue(random, type) {
  if (type === "S") return { S: random.pick(["a", "b", "c", "d", "ab", "abc", "é", "k1"]) };
  if (type === "N") return { N: random.pick(["0", "1", "2", "3", "-1", "10", "1.5", "100"]) };
  return { B: random.pick(BINARIES) };
}

const nested = (levels) => (levels === 0 ? { S: "deep" } : { L: [nested(levels - 1)] });

const BAD_VALUES = [
  (random) => ({ N: random.pick(BAD_NUMBERS) }),
  (random) => ({ NS: ["1", random.pick(BAD_NUMBERS)] }),
  () => ({ SS: [] }),
  () => ({ NS: [] }),
  () => ({ BS: [] }),
  () => ({ SS: ["b", "a", "b"] }),
  () => ({ NS: ["1", "2", "1.0"] }),
  () => ({ BS: ["AQ==", "AA==", "AQ=="] }),
  () => ({ NULL: false }),
  () => ({ S: "a", N: "1" }),
  () => ({}),
  () => ({ X: "a" }),
  () => ({ B: "abc" }),
  () => ({ B: "!!!!" }),
  () => ({ L: [{ N: "abc" }] }),
  () => ({ M: { k: { SS: [] } } }),
  () => ({ M: { "": { S: "x" } } }),
  () => ({ L: [{}] }),
  () => nested(31),
  () => nested(32),
  () => nested(70),
  () => ({ S: null }),
  () => ({ L: [null] }),
];

/** A value the service refuses, mostly. */
export const badValue = (random) => random.pick(BAD_VALUES)(random);

/** A wrong value for a key attribute of `type`: another type, empty, or too long. */
export function badKeyValue(random, type) {
  return random.pick([
    () => lawfulValue(random, random.pick(TYPES.filter((other) => other !== type))),
    () => (type === "N" ? { N: random.pick(BAD_NUMBERS) } : { [type]: "" }),
    () =>
      type === "N"
        ? { N: "1e200" }
        : { [type]: (type === "S" ? "k" : "AAAA").repeat(type === "S" ? random.pick([1024, 1025, 2048, 2049]) : 700) },
    () => badValue(random),
  ])();
}

/** The primary key of an item. */
export const primaryKey = (random, table) => Object.fromEntries(keysOf(table).map(({ name, type }) => [name, keyValue(random, type)]));

/** An item with its key, most of the index keys and some attributes. */
export function item(random, table) {
  const made = primaryKey(random, table);
  for (const { name, type } of keyAttributes(table)) if (!(name in made) && random.chance(75)) made[name] = keyValue(random, type);
  for (const name of random.some(Object.keys(ATTRIBUTES), random.between(0, 6))) {
    if (!(name in made)) made[name] = random.chance(85) ? lawfulValue(random, ATTRIBUTES[name]) : anyValue(random);
  }
  return made;
}
