/** Finds the Query that a Scan could be: its filter names the whole partition key of the table or of an index. */
import type { FilterRow, ReadRequest, SortCondition, SortOperator } from "../items/read-request.ts";
import { SORT_OPERATORS } from "../items/read-request.ts";
import type { ReadTarget } from "../tables/description.ts";

const equals = (row: FilterRow, name: string, type: string) =>
  row.attribute === name && row.operator === "=" && !row.not && row.type === type;

/** Whether everything the Scan returned is in the index: a projection of all, or an index that was scanned anyway. */
function answersTheSame(target: ReadTarget, scanned: string | undefined): boolean {
  return (
    target.index === scanned || target.kind === "table" || (scanned === undefined && (target.projection.ProjectionType ?? "ALL") === "ALL")
  );
}

/** The Query that reads the same items, or undefined. */
export function queryInstead(request: ReadRequest, targets: readonly ReadTarget[]): ReadRequest | undefined {
  if (request.operation !== "Scan" || request.join === "OR" || request.filters.length === 0) return undefined;
  for (const target of targets) {
    if (!answersTheSame(target, request.index)) continue;
    const used = new Set<FilterRow>();
    const partition = target.partition.map(({ name, type }) => {
      const row = request.filters.find((each) => equals(each, name, type));
      if (row) used.add(row);
      return row?.values[0] ?? "";
    });
    if (partition.includes("") || used.size < target.partition.length) continue;
    const sort = sortConditions(request, target, used);
    return {
      ...request,
      operation: "Query",
      index: target.index,
      partition,
      sort,
      filters: request.filters.filter((row) => !used.has(row)),
    };
  }
  return undefined;
}

/** Conditions on the sort key that a key condition may hold: equality on its first attributes, then one of any kind. */
function sortConditions(request: ReadRequest, target: ReadTarget, used: Set<FilterRow>): SortCondition[] {
  let open = true;
  return target.sort.map(({ name, type }) => {
    const row = request.filters.find(
      (each) => each.attribute === name && !each.not && each.type === type && each.operator in SORT_OPERATORS && !used.has(each),
    );
    if (!open || !row) {
      open = false;
      return { operator: "any", values: ["", ""] };
    }
    used.add(row);
    open = row.operator === "=";
    return { operator: row.operator as SortOperator, values: [row.values[0] ?? "", row.values[1] ?? ""] };
  });
}
