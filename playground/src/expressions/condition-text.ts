/** A condition as people read it: names and values in the places of their placeholders. */
import { type AttributeValue, typeOf } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";
import { type Condition, type Operand, pathText } from "./condition.ts";

type Values = Record<string, AttributeValue>;

function operandText(operand: Operand, values: Values): string {
  if (operand.kind === "path") return pathText(operand.path);
  if (operand.kind === "size") return `size(${pathText(operand.path)})`;
  if (!Object.hasOwn(values, operand.placeholder)) return operand.placeholder;
  const value = values[operand.placeholder]!;
  return typeOf(value) === "S" ? JSON.stringify(cellText(value)) : cellText(value);
}

/** The condition with its values. */
export function conditionText(condition: Condition, values: Values = {}): string {
  const text = (operand: Operand) => operandText(operand, values);
  switch (condition.kind) {
    case "compare":
      return `${text(condition.left)} ${condition.comparator} ${text(condition.right)}`;
    case "between":
      return `${text(condition.operand)} BETWEEN ${text(condition.lower)} AND ${text(condition.upper)}`;
    case "in":
      return `${text(condition.operand)} IN (${condition.list.map(text).join(", ")})`;
    case "function":
      return `${condition.name}(${[condition.path, ...(condition.argument ? [condition.argument] : [])].map(text).join(", ")})`;
    case "not":
      return `NOT ${condition.inner.kind === "and" || condition.inner.kind === "or" ? `(${conditionText(condition.inner, values)})` : conditionText(condition.inner, values)}`;
    default: {
      const parts = condition.parts.map((part) =>
        part.kind === "or" || part.kind === "and" ? `(${conditionText(part, values)})` : conditionText(part, values),
      );
      return parts.join(condition.kind === "and" ? " AND " : " OR ");
    }
  }
}
