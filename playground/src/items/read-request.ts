/**
 * The visual builder's state and the Query or Scan it stands for. Both ways: a request that the builder can show becomes its state
 * (`read-request-parse.ts`).
 */
import type { ReadTarget } from "../tables/description.ts";
import { type AttributeType, type AttributeValue, attributeValue } from "../values/attribute-value.ts";
import { binaryProblem, numberProblem } from "../values/check-item.ts";
import { parsePlainValue } from "../values/plain-json.ts";
import { Placeholders } from "./placeholders.ts";

/** What a filter can ask of an attribute: how it is shown, and how many values it takes (`list`: any number). */
export const FILTER_OPERATORS = {
  "=": { text: "=", values: 1 },
  "<>": { text: "≠", values: 1 },
  "<": { text: "<", values: 1 },
  "<=": { text: "≤", values: 1 },
  ">": { text: ">", values: 1 },
  ">=": { text: "≥", values: 1 },
  between: { text: "between", values: 2 },
  in: { text: "is one of", values: "list" },
  begins_with: { text: "begins with", values: 1 },
  contains: { text: "contains", values: 1 },
  attribute_exists: { text: "exists", values: 0 },
  attribute_not_exists: { text: "does not exist", values: 0 },
  attribute_type: { text: "has the type", values: 1 },
  "size =": { text: "size =", values: 1 },
  "size <>": { text: "size ≠", values: 1 },
  "size <": { text: "size <", values: 1 },
  "size <=": { text: "size ≤", values: 1 },
  "size >": { text: "size >", values: 1 },
  "size >=": { text: "size ≥", values: 1 },
  "size between": { text: "size between", values: 2 },
} as const;
export type FilterOperator = keyof typeof FILTER_OPERATORS;

/** What a key condition can ask of a sort key. */
export const SORT_OPERATORS = {
  any: { text: "any", values: 0 },
  "=": { text: "=", values: 1 },
  "<": { text: "<", values: 1 },
  "<=": { text: "≤", values: 1 },
  ">": { text: ">", values: 1 },
  ">=": { text: "≥", values: 1 },
  between: { text: "between", values: 2 },
  begins_with: { text: "begins with", values: 1 },
} as const;
export type SortOperator = keyof typeof SORT_OPERATORS;

/** One line of the filter. */
export interface FilterRow {
  attribute: string;
  not: boolean;
  operator: FilterOperator;
  type: AttributeType;
  /** One, two, or with `in` any number of values, as texts. */
  values: string[];
}

/** A condition on one attribute of a sort key. */
export interface SortCondition {
  operator: SortOperator;
  values: string[];
}

/** What the builder's controls hold. */
export interface ReadRequest {
  operation: "Query" | "Scan";
  index: string | undefined;
  /** One text for each attribute of the partition key. */
  partition: string[];
  /** One condition for each attribute of the sort key; those behind the first "any" are not used. */
  sort: SortCondition[];
  forward: boolean;
  filters: FilterRow[];
  join: "AND" | "OR";
  /** Attribute paths to return, separated by commas; empty for all. */
  projection: string;
  limit: string;
  consistent: boolean;
}

/** A Query's or Scan's input, as far as the builder writes it. */
export interface ReadInput {
  TableName: string;
  IndexName?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ProjectionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
  ScanIndexForward?: boolean;
  ConsistentRead?: boolean;
  Limit?: number;
}

/** What cannot be asked like this, for the user. */
export class BuilderProblem extends Error {}

/** A builder that asks for everything. */
export function scanAll(): ReadRequest {
  return {
    operation: "Scan",
    index: undefined,
    partition: [""],
    sort: [{ operator: "any", values: ["", ""] }],
    forward: true,
    filters: [],
    join: "AND",
    projection: "",
    limit: "",
    consistent: false,
  };
}

/** A value as it is written in a field of the builder. Throws `BuilderProblem`. */
export function fieldValue(type: AttributeType, text: string, what: string): AttributeValue {
  const problem = type === "N" ? numberProblem(text.trim()) : type === "B" ? binaryProblem(text.trim()) : undefined;
  if (problem !== undefined) throw new BuilderProblem(`${what}: ${problem}`);
  switch (type) {
    case "S":
      return { S: text };
    case "N":
    case "B":
      return attributeValue(type, text.trim());
    case "NULL":
      return { NULL: true };
    case "BOOL":
      if (!/^(true|false)$/.test(text.trim())) throw new BuilderProblem(`${what}: a Boolean is true or false`);
      return { BOOL: text.trim() === "true" };
    default:
      return compoundValue(type, text, what);
  }
}

/** Lists, maps and sets are written as plain JSON. */
function compoundValue(type: AttributeType, text: string, what: string): AttributeValue {
  try {
    const value = parsePlainValue(text);
    if (type in value) return value;
    if ("L" in value && type.length === 2) {
      const inner = type[0] as "S" | "N" | "B";
      const members = value.L.map((each) => Object.entries(each)[0]!);
      if (members.every(([member]) => member === inner || (member === "S" && inner === "B")))
        return attributeValue(
          type,
          members.map(([, one]) => one),
        );
    }
  } catch {
    // Said below, in the same words as for a value of another type.
  }
  throw new BuilderProblem(
    `${what}: write a ${type} as JSON, such as ${type === "M" ? '{"a": 1}' : type === "NS" ? "[1, 2]" : '["a", "b"]'}`,
  );
}

/** The condition on a sort key's attribute. */
function sortExpression(name: string, { operator, values }: SortCondition, value: (text: string) => string): string {
  if (operator === "between") return `${name} BETWEEN ${value(values[0] ?? "")} AND ${value(values[1] ?? "")}`;
  if (operator === "begins_with") return `begins_with(${name}, ${value(values[0] ?? "")})`;
  return `${name} ${operator} ${value(values[0] ?? "")}`;
}

function keyCondition(request: ReadRequest, target: ReadTarget, placeholders: Placeholders): string {
  const parts = target.partition.map(({ name, type }, at) => {
    const text = request.partition[at] ?? "";
    if (text === "") throw new BuilderProblem(`A Query needs a value for the partition key ${name}`);
    return `${placeholders.name(name)} = ${placeholders.value(name, fieldValue(type, text, name))}`;
  });
  for (const [at, { name, type }] of target.sort.entries()) {
    const condition = request.sort[at];
    if (!condition || condition.operator === "any") break;
    parts.push(sortExpression(placeholders.name(name), condition, (text) => placeholders.value(name, fieldValue(type, text, name))));
  }
  return parts.join(" AND ");
}

function filterExpression({ attribute, operator, type, values, not }: FilterRow, placeholders: Placeholders): string {
  const path = placeholders.path(attribute);
  const value = (at: number, as: AttributeType = type) => placeholders.value(attribute, fieldValue(as, values[at] ?? "", attribute));
  const size = operator.startsWith("size ");
  const subject = size ? `size(${path})` : path;
  const comparator = size ? operator.slice("size ".length) : operator;
  const valueType = size ? "N" : type;
  const positive = () => {
    switch (comparator) {
      case "between":
        return `${subject} BETWEEN ${value(0, valueType)} AND ${value(1, valueType)}`;
      case "in":
        return `${subject} IN (${values.map((_, at) => value(at)).join(", ")})`;
      case "begins_with":
      case "contains":
        return `${comparator}(${subject}, ${value(0)})`;
      case "attribute_exists":
      case "attribute_not_exists":
        return `${comparator}(${subject})`;
      case "attribute_type":
        return `attribute_type(${subject}, ${value(0, "S")})`;
      default:
        return `${subject} ${comparator} ${value(0, valueType)}`;
    }
  };
  return not ? `NOT ${positive()}` : positive();
}

/** The request. Throws `BuilderProblem` or `ExpressionError` with what is missing. */
export function readInput(table: string, request: ReadRequest, target: ReadTarget): ReadInput {
  const placeholders = new Placeholders();
  const input: ReadInput = { TableName: table };
  if (target.index !== undefined) input.IndexName = target.index;
  if (request.operation === "Query") input.KeyConditionExpression = keyCondition(request, target, placeholders);
  const filters = request.filters.filter(({ attribute }) => attribute.trim() !== "");
  if (filters.length > 0) input.FilterExpression = filters.map((row) => filterExpression(row, placeholders)).join(` ${request.join} `);
  const projected = request.projection.split(",").filter((path) => path.trim() !== "");
  if (projected.length > 0) input.ProjectionExpression = projected.map((path) => placeholders.path(path.trim())).join(", ");
  if (placeholders.hasNames) input.ExpressionAttributeNames = placeholders.names();
  if (placeholders.hasValues) input.ExpressionAttributeValues = placeholders.values();
  if (request.operation === "Query" && !request.forward) input.ScanIndexForward = false;
  if (request.consistent) input.ConsistentRead = true;
  if (request.limit.trim() !== "") input.Limit = Number(request.limit);
  return input;
}
