/** A Query or Scan as the builder shows it, where it can: conditions that are one line each, joined by AND or by OR. */
import { type Condition, conjuncts, type Operand, parseCondition, parsePath, pathText } from "../expressions/condition.ts";
import type { ReadTarget } from "../tables/description.ts";
import { type AttributeType, type AttributeValue, typed } from "../values/attribute-value.ts";
import { plainText } from "../values/plain-json.ts";
import {
  BuilderProblem,
  type FilterOperator,
  type FilterRow,
  type ReadInput,
  type ReadRequest,
  type SortCondition,
  scanAll,
} from "./read-request.ts";

/** What the builder has no control for. */
const OTHER_MEMBERS = [
  "AttributesToGet",
  "ConditionalOperator",
  "KeyConditions",
  "QueryFilter",
  "ScanFilter",
  "Segment",
  "TotalSegments",
  "ExclusiveStartKey",
];

function placed(values: Record<string, AttributeValue>, operand: Operand | undefined): { type: AttributeType; text: string } {
  if (operand?.kind !== "value") throw new BuilderProblem("The builder compares attributes with values only");
  if (!Object.hasOwn(values, operand.placeholder)) throw new BuilderProblem(`ExpressionAttributeValues has no ${operand.placeholder}`);
  const value = values[operand.placeholder]!;
  const found = typed(value);
  const scalar = found.type === "S" || found.type === "N" || found.type === "B" || found.type === "BOOL";
  return { type: found.type, text: found.type === "NULL" ? "" : scalar ? String(found.value) : plainText(value) };
}

function subject(operand: Operand): { attribute: string; size: boolean } {
  if (operand.kind === "value") throw new BuilderProblem("The builder writes the attribute before the value");
  return { attribute: pathText(operand.path), size: operand.kind === "size" };
}

/** One line of the filter. Throws `BuilderProblem`. */
function filterRow(condition: Condition, values: Record<string, AttributeValue>, not = false): FilterRow {
  const row = (operand: Operand, operator: string, given: Operand[]): FilterRow => {
    const { attribute, size } = subject(operand);
    const found = given.map((each) => placed(values, each));
    const type = found[0]?.type ?? "S";
    if (found.some((each) => each.type !== type)) throw new BuilderProblem("The builder's values of one condition have one type");
    return {
      attribute,
      not,
      operator: (size ? `size ${operator}` : operator) as FilterOperator,
      type,
      values: found.map(({ text }) => text),
    };
  };
  switch (condition.kind) {
    case "compare":
      return row(condition.left, condition.comparator, [condition.right]);
    case "between":
      return row(condition.operand, "between", [condition.lower, condition.upper]);
    case "in":
      if (condition.operand.kind === "size") throw new BuilderProblem("The builder has no size that is one of several");
      return row(condition.operand, "in", condition.list);
    case "function":
      return row(condition.path, condition.name, condition.argument ? [condition.argument] : []);
    case "not":
      if (not) throw new BuilderProblem("The builder has one NOT a line");
      return filterRow(condition.inner, values, true);
    default:
      throw new BuilderProblem("The builder joins all conditions by AND, or all by OR");
  }
}

function filters(input: ReadInput): Pick<ReadRequest, "filters" | "join"> {
  if (input.FilterExpression === undefined) return { filters: [], join: "AND" };
  const condition = parseCondition(input.FilterExpression, input.ExpressionAttributeNames);
  const parts = condition.kind === "or" ? condition.parts : conjuncts(condition);
  return {
    filters: parts.map((part) => filterRow(part, input.ExpressionAttributeValues ?? {})),
    join: condition.kind === "or" ? "OR" : "AND",
  };
}

function keyConditions(input: ReadInput, target: ReadTarget): Pick<ReadRequest, "partition" | "sort"> {
  const partition = target.partition.map(() => "");
  const sort: SortCondition[] = target.sort.map(() => ({ operator: "any", values: ["", ""] }));
  if (input.KeyConditionExpression === undefined) return { partition, sort };
  for (const part of conjuncts(parseCondition(input.KeyConditionExpression, input.ExpressionAttributeNames))) {
    const { attribute, operator, values } = filterRow(part, input.ExpressionAttributeValues ?? {});
    const [name] = parsePath(attribute);
    const place = target.partition.findIndex((each) => each.name === name);
    if (place >= 0 && operator === "=") partition[place] = values[0]!;
    else {
      const at = target.sort.findIndex((each) => each.name === name);
      if (at < 0) throw new BuilderProblem(`${String(name)} is no key attribute of ${target.index ?? input.TableName}`);
      sort[at] = { operator: operator as SortCondition["operator"], values: [values[0] ?? "", values[1] ?? ""] };
    }
  }
  return { partition, sort };
}

/** The builder's state for a request. Throws `BuilderProblem` or `ExpressionError` where the builder cannot show it. */
export function parseReadInput(operation: "Query" | "Scan", input: ReadInput, targets: readonly ReadTarget[]): ReadRequest {
  const other = OTHER_MEMBERS.find((name) => Object.hasOwn(input, name));
  if (other !== undefined) throw new BuilderProblem(`The builder has nothing for ${other}`);
  const target = targets.find(({ index }) => index === input.IndexName);
  if (!target) throw new BuilderProblem(`${input.TableName} has no index ${input.IndexName}`);
  const names = input.ExpressionAttributeNames ?? {};
  const projection = (input.ProjectionExpression ?? "").replace(/#\w+/g, (word) =>
    Object.hasOwn(names, word) ? pathText([names[word]!]) : word,
  );
  return {
    ...scanAll(),
    operation,
    index: input.IndexName,
    ...keyConditions(input, target),
    ...filters(input),
    forward: input.ScanIndexForward !== false,
    projection,
    limit: input.Limit === undefined ? "" : String(input.Limit),
    consistent: input.ConsistentRead === true,
  };
}
