/** The parameters expressions have replaced: conditions by attribute, attribute updates, lists of attributes to get. */
import { ATTRIBUTES, anyValue, badKeyValue, badValue, keyValue, lawfulValue } from "./values.mjs";

const OPERANDS = {
  EQ: 1,
  NE: 1,
  LE: 1,
  LT: 1,
  GE: 1,
  GT: 1,
  NOT_NULL: 0,
  NULL: 0,
  CONTAINS: 1,
  NOT_CONTAINS: 1,
  BEGINS_WITH: 1,
  IN: 2,
  BETWEEN: 2,
};
const SCALARS = ["S", "N", "B"];

/** Runs a decision that goes wrong `faults` times in a hundred. */
const wrong = (random, faults, share) => random.chance(faults * share);

function operands(random, faults, operator, attribute) {
  if (wrong(random, faults, 0.3)) return Array.from({ length: random.between(0, 3) }, () => anyValue(random));
  const ordered = !["EQ", "NE", "IN", "CONTAINS", "NOT_CONTAINS"].includes(operator);
  const usual = ATTRIBUTES[attribute];
  const type = ordered && !SCALARS.includes(usual) ? random.pick(operator === "BEGINS_WITH" ? ["S", "B"] : SCALARS) : usual;
  if (operator === "BETWEEN") {
    const [low, high] = { S: ["a", "d"], N: ["-5", "10"], B: ["AA==", "/w=="] }[type];
    return wrong(random, faults, 0.3) ? [{ [type]: high }, { [type]: low }] : [{ [type]: low }, { [type]: high }];
  }
  const contained = operator.endsWith("CONTAINS") ? random.pick(SCALARS) : type;
  return Array.from({ length: OPERANDS[operator] }, () => (wrong(random, faults, 0.1) ? badValue(random) : lawfulValue(random, contained)));
}

function condition(random, faults, attribute) {
  const operator = wrong(random, faults, 0.1) ? random.pick(["LIKE", "eq", ""]) : random.pick(Object.keys(OPERANDS));
  const made = { ComparisonOperator: operator };
  const values = operands(random, faults, operator in OPERANDS ? operator : "EQ", attribute);
  if (values.length > 0 || wrong(random, faults, 0.3)) made.AttributeValueList = values;
  if (wrong(random, faults, 0.15)) delete made.ComparisonOperator;
  return made;
}

/** Some attributes, each with what `make` gives. */
function byAttribute(random, make, most = 3) {
  return Object.fromEntries(random.some(Object.keys(ATTRIBUTES), random.between(1, most)).map((name) => [name, make(name)]));
}

function conditionalOperator(random, faults, conditions) {
  if (wrong(random, faults, 0.3)) return { ConditionalOperator: random.pick(["AND", "OR", "XOR"]) };
  return Object.keys(conditions).length > 1 && random.chance(50) ? { ConditionalOperator: random.pick(["AND", "OR"]) } : {};
}

/** QueryFilter or ScanFilter, with the operator that joins its conditions. */
export function legacyFilter(random, faults, member) {
  const conditions = wrong(random, faults, 0.1) ? {} : byAttribute(random, (name) => condition(random, faults, name));
  return { [member]: conditions, ...conditionalOperator(random, faults, conditions) };
}

function expectation(random, faults, attribute) {
  if (wrong(random, faults, 0.4)) {
    return random.pick([
      {},
      { Exists: true },
      { Exists: false, Value: { S: "a" } },
      { Value: { S: "a" }, AttributeValueList: [{ S: "a" }] },
      { ComparisonOperator: "EQ" },
      { Exists: true, ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] },
      { AttributeValueList: [{ S: "a" }] },
      { Exists: false, ComparisonOperator: "NULL" },
      { Value: { S: "a" }, ComparisonOperator: "BETWEEN" },
    ]);
  }
  return random.weighted([
    [2, () => ({ Exists: false })],
    [2, () => ({ Value: lawfulValue(random, ATTRIBUTES[attribute]) })],
    [1, () => ({ Exists: true, Value: lawfulValue(random, ATTRIBUTES[attribute]) })],
    [5, () => condition(random, faults, attribute)],
  ])();
}

/** Expected, with the operator that joins its conditions. */
export function expected(random, faults) {
  const conditions = byAttribute(random, (name) => expectation(random, faults, name), 2);
  return { Expected: conditions, ...conditionalOperator(random, faults, conditions) };
}

function attributeUpdate(random, faults, attribute) {
  const usual = ATTRIBUTES[attribute];
  const action = random.pick(["PUT", "PUT", "DELETE", "ADD", undefined]);
  if (wrong(random, faults, 0.3))
    return { ...(action && { Action: random.pick([action, "SET"]) }), ...(random.chance(60) && { Value: anyValue(random) }) };
  if (action === "DELETE")
    return usual.length === 2 && random.chance(50) ? { Action: action, Value: lawfulValue(random, usual) } : { Action: action };
  if (action === "ADD") return { Action: action, Value: lawfulValue(random, ["N", "SS", "NS", "BS", "L"].includes(usual) ? usual : "N") };
  return { ...(action && { Action: action }), Value: wrong(random, faults, 0.2) ? badValue(random) : lawfulValue(random, usual) };
}

/** AttributeUpdates; a key attribute among them is a mistake. */
export function attributeUpdates(random, faults, keys) {
  const updates = byAttribute(random, (name) => attributeUpdate(random, faults, name));
  if (wrong(random, faults, 0.2)) updates[random.pick(keys).name] = { Action: "PUT", Value: { S: "a" } };
  if (wrong(random, faults, 0.1)) updates[""] = { Action: "PUT", Value: { S: "a" } };
  return { AttributeUpdates: updates };
}

function keyCondition(random, faults, { type }, equal) {
  const value = () => (wrong(random, faults, 0.3) ? badKeyValue(random, type) : keyValue(random, type));
  const usual = equal ? ["EQ"] : ["EQ", "LT", "LE", "GT", "GE", "BETWEEN", ...(type === "N" ? [] : ["BEGINS_WITH"])];
  const operator = random.pick(wrong(random, faults, 0.2) ? Object.keys(OPERANDS) : usual);
  if (operator === "BETWEEN" && random.chance(90)) {
    const [low, high] = { S: ["a", "d"], N: ["-5", "10"], B: ["AA==", "/w=="] }[type];
    return { ComparisonOperator: operator, AttributeValueList: [{ [type]: low }, { [type]: high }] };
  }
  return {
    ComparisonOperator: operator,
    AttributeValueList: Array.from({ length: wrong(random, faults, 0.1) ? 3 : OPERANDS[operator] }, value),
  };
}

/** KeyConditions for a table or an index. */
export function keyConditions(random, faults, on) {
  const conditions = Object.fromEntries(on.hash.map((key) => [key.name, keyCondition(random, faults, key, true)]));
  const upTo = random.between(0, on.range.length);
  for (const [at, key] of on.range.slice(0, upTo).entries()) conditions[key.name] = keyCondition(random, faults, key, at < upTo - 1);
  if (wrong(random, faults, 0.1)) conditions.a = condition(random, faults, "a");
  if (wrong(random, faults, 0.1)) delete conditions[on.hash[0].name];
  return { KeyConditions: conditions };
}

/** AttributesToGet. */
export function attributesToGet(random, faults) {
  const names = random.some(Object.keys(ATTRIBUTES), random.between(1, 4));
  if (wrong(random, faults, 0.2)) names.push(names[0]);
  if (wrong(random, faults, 0.1)) names.length = 0;
  return { AttributesToGet: names };
}
