/**
 * The differences that have been decided: each group has its heading in docs/differences.md, where the rule or the sentence of the service
 * model stands that decides it. An answer is matched as text: `200`, or the error's name and message. The first group that fits a
 * difference takes it.
 */
import { controlDifferences } from "./control-differences.mjs";
import { itemDifferences } from "./item-differences.mjs";
import { namesSeveralMistakes } from "./several-mistakes.mjs";

const GROUPS = [...itemDifferences, ...controlDifferences];

const told = ({ status, body }) =>
  status === 200 ? "200" : `${String(body?.__type ?? "").replace(/^.*#/, "")}: ${body?.message ?? body?.Message ?? ""}`;

function fits({ operations, ours, theirs, when }, found) {
  return (
    (operations?.test(found.operation) ?? true) && ours.test(told(found.ours)) && theirs.test(told(found.theirs)) && (when?.(found) ?? true)
  );
}

/** The heading a difference belongs under, or undefined where nobody has decided it yet. */
export function headingOf(found) {
  const group = GROUPS.find((each) => fits(each, found));
  if (group) return group.heading;
  return namesSeveralMistakes(told(found.ours), told(found.theirs), found.request) ? "Several mistakes in one request" : undefined;
}

/** All headings, for the test that docs/differences.md explains each. */
export const headings = [...new Set([...GROUPS.map(({ heading }) => heading), "Several mistakes in one request"])];
