/** Condition, filter, projection and key-condition expressions, made from the grammar, with mistakes where the placeholders say so. */
import { ATTRIBUTES, anyValue, badKeyValue, keyValue, lawfulValue } from "./values.mjs";

const COMPARATORS = ["=", "<>", "<", "<=", ">", ">="];
const TYPE_CODES = ["S", "SS", "N", "NS", "B", "BS", "BOOL", "NULL", "L", "M"];

const typed = (random, attribute) => (random.chance(80) ? lawfulValue(random, ATTRIBUTES[attribute]) : anyValue(random));
const anAttribute = (random) => random.pick(Object.keys(ATTRIBUTES));

const leaves = {
  comparison(to) {
    const attribute = anAttribute(to.random);
    const right = to.random.chance(85) ? to.value(typed(to.random, attribute)) : to.path();
    const sides = [to.path(attribute), right];
    if (to.random.chance(15)) sides.reverse();
    return sides.join(to.random.pick([" ", ""]) === " " ? ` ${to.random.pick(COMPARATORS)} ` : to.random.pick(COMPARATORS));
  },
  size: (to) => `size(${to.path()}) ${to.random.pick(COMPARATORS)} ${to.value(lawfulValue(to.random, "N"))}`,
  exists: (to) => `${to.random.pick(["attribute_exists", "attribute_not_exists"])}(${to.path()})`,
  type: (to) => `attribute_type(${to.path()}, ${to.value({ S: to.random.pick(TYPE_CODES) })})`,
  begins: (to) =>
    `begins_with(${to.path(to.random.pick(["a", "s", "bin", "m", "n"]))}, ${to.value(lawfulValue(to.random, to.random.pick(["S", "S", "B"])))})`,
  contains: (to) =>
    `contains(${to.path(to.random.pick(["a", "ss", "ns", "bs", "l", "bin"]))}, ${to.random.chance(90) ? to.value(lawfulValue(to.random, to.random.pick(["S", "N", "B"]))) : to.path()})`,
  between(to) {
    const attribute = to.random.pick(["a", "n", "b", "bin"]);
    const [low, high] = boundsOf(to.random, ATTRIBUTES[attribute]);
    return `${to.path(attribute)} BETWEEN ${to.value(low)} AND ${to.value(high)}`;
  },
  in(to) {
    const attribute = anAttribute(to.random);
    const list = Array.from({ length: to.random.between(1, 4) }, () =>
      to.random.chance(95) ? to.value(typed(to.random, attribute)) : to.path(),
    );
    return `${to.path(attribute)} ${to.random.pick(["IN", "in", "IN"])} (${list.join(", ")})`;
  },
};

/** Two values of a type in order. */
function boundsOf(random, type) {
  const [low, high] = { S: ["a", "d"], N: ["-5", "10"], B: ["AA==", "/w=="] }[type];
  return random.chance(80) ? [{ [type]: low }, { [type]: high }] : [{ [type]: low }, { [type]: low }];
}

const wrongLeaves = [
  (to) => `begins_with(${to.path()}, ${to.value(lawfulValue(to.random, "N"))})`,
  (to) => `begins_with(${to.value({ N: "1" })}, ${to.value({ S: "a" })})`,
  (to) => `size(${to.value(anyValue(to.random))}) > ${to.value({ N: "1" })}`,
  (to) => `size(${to.path()})`,
  (to) => `begins_with(${to.path()}, ${to.value({ S: "a" })}) = ${to.value({ BOOL: true })}`,
  (to) => `attribute_exists(${to.value({ S: "a" })})`,
  (to) => `attribute_type(${to.path()}, ${to.value({ S: "STRING" })})`,
  (to) => `attribute_type(${to.path()}, ${to.value({ N: "1" })})`,
  (to) => `attribute_type(${to.path()}, ${to.path()})`,
  (to) =>
    `${to.random.pick(["begins_with", "contains", "attribute_exists", "size", "attribute_type"])}(${Array.from({ length: to.random.pick([0, 1, 3]) }, () => to.path()).join(", ")})`,
  (to) =>
    `${to.random.pick(["if_not_exists", "list_append", "starts_with", "BEGINS_WITH", "Size"])}(${to.path()}, ${to.value({ S: "a" })})`,
  (to) => `a BETWEEN ${to.value({ S: "d" })} AND ${to.value({ S: "a" })}`,
  (to) => `n BETWEEN ${to.value({ N: "1" })} AND ${to.value({ S: "a" })}`,
  (to) => `${to.path()} BETWEEN ${to.value({ BOOL: true })} AND ${to.value({ BOOL: true })}`,
  (to) => `a IN (${Array.from({ length: 101 }, () => to.value({ S: "a" })).join(",")})`,
  (to) => `a IN (${to.random.pick(["", `${to.value({ S: "a" })},`])})`,
  (to) => `${to.random.pick(["a", "a.b", "l[0]"])} = a`,
  (to) =>
    to.random.pick([
      "a = a",
      "m.k = m.k",
      "contains(a, a)",
      "contains(m.k, m.k)",
      "a BETWEEN a AND a",
      "a IN (a)",
      "begins_with(s, s)",
      "size(a) = size(a)",
    ]),
  (to) =>
    `${to.path()} ${to.random.pick(["<", ">=", "="])} ${to.value(lawfulValue(to.random, to.random.pick(["BOOL", "NULL", "L", "M", "SS"])))}`,
  (to) => `contains(${to.path()}, ${to.value(anyValue(to.random))})`,
  (to) => `${to.value({ S: "a" })} ${to.random.pick(COMPARATORS)} ${to.value({ N: "1" })}`,
  (to) => `size = ${to.value({ N: "1" })}`,
  (to) => `(${to.path()}) = ${to.value({ S: "a" })}`,
  (to) => `((a = ${to.value({ S: "a" })}))`,
  (_to) => Array.from({ length: 152 }, () => "attribute_exists(a)").join(" OR "),
  (to) => `a = ${to.value({ S: "a" })}${" ".repeat(4100)}`,
];

function condition(to, depth) {
  const { random } = to;
  if (to.wrong(0.5)) return random.pick(wrongLeaves)(to);
  if (depth < 3 && random.chance(35)) {
    const inner = () => condition(to, depth + 1);
    const parenthesised = () => `(${inner()})`;
    return random.pick([
      () => `${inner()} AND ${inner()}`,
      () => `${inner()} OR ${inner()}`,
      () => `${inner()} and ${parenthesised()}`,
      () => `${parenthesised()} OR ${inner()}`,
      () => `NOT ${inner()}`,
      () => `NOT ${parenthesised()}`,
    ])();
  }
  return random.pick(Object.values(leaves))(to);
}

/** Leaves a token out, doubles one or puts a strange one in. */
function damaged(random, text) {
  const tokens = text.match(/\s+|[#:]?\w+|<>|<=|>=|./g) ?? [];
  const at = random.between(0, Math.max(0, tokens.length - 1));
  random.pick([
    () => tokens.splice(at, 1),
    () => tokens.splice(at, 0, tokens[at] ?? ""),
    () => tokens.splice(at, 0, random.pick([")", "(", ",", "!", "@", "AND", "=", '"', "5", "#", ":", "..", "[0]", "+", "é"])),
    () => tokens.splice(at),
  ])();
  return tokens.join("");
}

/** What can go wrong with any expression's text. */
export function spoilt(to, text) {
  if (to.wrong(0.12)) return to.random.pick(["", " ", "  \t"]);
  if (to.wrong(0.12)) return `(${text})`;
  return to.wrong(0.4) ? damaged(to.random, text) : text;
}

/** A condition or filter expression. */
export const conditionExpression = (to) => spoilt(to, condition(to, 0));

/** A projection expression: mostly different attributes, so that paths overlap only now and then. */
export function projectionExpression(to, keys = []) {
  const { random } = to;
  const attributes = random.some([...Object.keys(ATTRIBUTES), ...keys], random.between(1, 4));
  if (to.wrong(0.5)) attributes.push(random.pick(attributes));
  return spoilt(to, attributes.map((attribute) => to.path(attribute)).join(random.pick([", ", ","])));
}

const keyName = (to, name) => (to.random.chance(70) ? name : to.name(name));
const keyOperand = (to, type) => to.value(to.wrong(0.3) ? badKeyValue(to.random, type) : keyValue(to.random, type));

function keyCondition(to, { name, type }, last) {
  const { random } = to;
  const equals = () =>
    random.chance(90) ? `${keyName(to, name)} = ${keyOperand(to, type)}` : `${keyOperand(to, type)} = ${keyName(to, name)}`;
  if (!last) return equals();
  return random.weighted([
    [4, equals],
    [3, () => `${keyName(to, name)} ${random.pick(["<", "<=", ">", ">="])} ${keyOperand(to, type)}`],
    [
      2,
      () => {
        const [low, high] = boundsOf(random, type);
        return `${keyName(to, name)} BETWEEN ${to.value(low)} AND ${to.value(high)}`;
      },
    ],
    [type === "N" ? 0 : 2, () => `begins_with(${keyName(to, name)}, ${keyOperand(to, type)})`],
  ])();
}

const wrongKeyConditions = [
  (to, { name }) => `${name} <> ${to.value({ S: "a" })}`,
  (to, { name }) => `${name} IN (${to.value({ S: "a" })})`,
  (to, { name }) => `contains(${name}, ${to.value({ S: "a" })})`,
  (_to, { name }) => `attribute_exists(${name})`,
  (to, { name }) => `NOT ${name} = ${to.value({ S: "a" })}`,
  (to, { name }) => `size(${name}) = ${to.value({ N: "1" })}`,
  (to, { name }) => `${name}.a = ${to.value({ S: "a" })}`,
  (to, { name }) => `begins_with(${to.value({ S: "a" })}, ${name})`,
  (to) => `${to.value({ S: "a" })} = ${to.value({ S: "a" })}`,
  (_to, { name }) => `${name} = a`,
  (to) => `a = ${to.value({ S: "a" })}`,
  (to, { name, type }) => `${name} > ${to.value(keyValue(to.random, type))}`,
  (to, { name, type }) => `${name} BETWEEN ${to.value(keyValue(to.random, type))} AND ${to.value(keyValue(to.random, type))}`,
  (to, { name, type }) => `begins_with(${name}, ${to.value(keyValue(to.random, type))})`,
  (to, { name, type }) => `(${name} = ${to.value(keyValue(to.random, type))})`,
];

/** A key condition for a table or an index. */
export function keyConditionExpression(to, on) {
  const { random } = to;
  const clauses = on.hash.map((key) => keyCondition(to, key, false));
  const upTo = random.between(0, on.range.length);
  for (const [position, key] of on.range.slice(0, upTo).entries()) clauses.push(keyCondition(to, key, position === upTo - 1));
  if (to.wrong(0.3))
    clauses[random.between(0, clauses.length - 1)] = random.pick(wrongKeyConditions)(to, random.pick([...on.hash, ...on.range]));
  if (to.wrong(0.2)) clauses.push(random.pick(wrongKeyConditions)(to, random.pick([...on.hash, ...on.range])));
  if (to.wrong(0.2)) clauses.splice(random.between(0, clauses.length - 1), clauses.length > 1 ? 1 : 0);
  if (random.chance(20)) clauses.reverse();
  return spoilt(to, clauses.join(to.wrong(0.1) ? " OR " : random.pick([" AND ", " and "])));
}
