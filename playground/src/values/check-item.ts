/** Checks what a user writes as DynamoDB-JSON, with sentences that say where: the editors' validation as you type. */
import { ATTRIBUTE_TYPES, type AttributeType, type AttributeValue, attribute, type Item, TYPE_NAMES, typed } from "./attribute-value.ts";
import { ITEM_BYTES, itemSize } from "./item-size.ts";

/** A key attribute that an item must have. */
export interface RequiredKey {
  name: string;
  type: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DIGITS = 38;
/** Beyond DynamoDB's 32 levels nothing need be looked at. */
const DEEPEST = 33;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with a number's text, if anything. */
export function numberProblem(text: string): string | undefined {
  if (!NUMBER.test(text)) return `${JSON.stringify(text)} is not a number`;
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/[^0-9]/g, "")
    .replace(/^0+|0+$/g, "");
  return digits.length > DIGITS ? `a number has at most ${DIGITS} significant digits, this has ${digits.length}` : undefined;
}

/** What is wrong with a Base64 text, if anything. */
export function binaryProblem(text: string): string | undefined {
  return BASE64.test(text) ? undefined : `${JSON.stringify(text.slice(0, 40))} is not Base64`;
}

function scalarProblem(type: string, value: unknown): string | undefined {
  if (typeof value !== "string") return `${TYPE_NAMES[type as AttributeType]} (${type}) takes a text`;
  if (type === "N") return numberProblem(value);
  return type === "B" ? binaryProblem(value) : undefined;
}

function setProblem(type: string, value: unknown): string | undefined {
  if (!Array.isArray(value)) return `${TYPE_NAMES[type as AttributeType]} (${type}) takes a list of texts`;
  if (value.length === 0) return "a set may not be empty";
  if (new Set(value).size < value.length) return "a set may not hold a value twice";
  return value.map((each) => scalarProblem(type[0]!, each)).find((problem) => problem !== undefined);
}

function* valueProblems(value: unknown, path: string, depth: number): Generator<string> {
  if (!isObject(value) || Object.keys(value).length !== 1) {
    yield `${path} must be an object with one member that names its type, such as {"S": "text"}`;
    return;
  }
  const [type, inner] = Object.entries(value)[0]!;
  if (depth > DEEPEST) yield `${path} is nested more than 32 levels deep`;
  else if (!(ATTRIBUTE_TYPES as readonly string[]).includes(type))
    yield `${path}: ${JSON.stringify(type)} is not one of ${ATTRIBUTE_TYPES.join(", ")}`;
  else if (type === "BOOL") yield* typeof inner === "boolean" ? [] : [`${path}: BOOL takes true or false`];
  else if (type === "NULL") yield* inner === true ? [] : [`${path}: NULL takes true`];
  else if (type === "M") {
    if (!isObject(inner)) yield `${path}: M takes an object`;
    else for (const [name, member] of Object.entries(inner)) yield* valueProblems(member, `${path}.${name}`, depth + 1);
  } else if (type === "L") {
    if (!Array.isArray(inner)) yield `${path}: L takes a list`;
    else for (const [at, member] of inner.entries()) yield* valueProblems(member, `${path}[${at}]`, depth + 1);
  } else {
    const problem = type.length === 2 ? setProblem(type, inner) : scalarProblem(type, inner);
    if (problem !== undefined) yield `${path}: ${problem}`;
  }
}

function* keyProblems(item: Item, keys: readonly RequiredKey[]): Generator<string> {
  for (const { name, type } of keys) {
    const value = attribute(item, name);
    if (value === undefined) {
      yield `The key attribute ${name} is missing`;
      continue;
    }
    const found = typed(value);
    if (found.type !== type) yield `The key attribute ${name} must be a ${TYPE_NAMES[type as AttributeType]} (${type}), not ${found.type}`;
    else if (found.value === "") yield `The key attribute ${name} may not be empty`;
  }
}

/** Everything wrong with an item for a table with these keys; empty if it can be put. */
export function itemProblems(item: unknown, keys: readonly RequiredKey[] = []): string[] {
  if (!isObject(item)) return ["An item is a JSON object"];
  const problems = Object.entries(item).flatMap(([name, value]) => [...valueProblems(value, name, 1)]);
  if (problems.length > 0) return problems;
  const whole = item as Item;
  problems.push(...keyProblems(whole, keys));
  const size = itemSize(whole);
  if (size > ITEM_BYTES)
    problems.push(`The item has ${size.toLocaleString("en")} bytes; an item has at most ${ITEM_BYTES.toLocaleString("en")} (400 KB)`);
  return problems;
}

/** What is wrong with one value, if anything. */
export function valueProblem(value: AttributeValue): string | undefined {
  return valueProblems(value, "value", 1)
    .next()
    .value?.replace(/^value(: | )/, "");
}
