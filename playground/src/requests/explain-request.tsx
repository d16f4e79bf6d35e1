/** What the last request of the requests view did, and the Query that a Scan could be. */
import type { Exchange } from "../database/exchange.ts";
import { Explanation } from "../explain/explanation.tsx";
import { QueryAdvice } from "../explain/query-advice.tsx";
import { queryInstead } from "../explain/query-instead.ts";
import { type ReadInput, readInput } from "../items/read-request.ts";
import { parseReadInput } from "../items/read-request-parse.ts";
import { type ReadTarget, readTargets } from "../tables/description.ts";
import type { RequestsModel } from "./requests-model.ts";

/** The targets of the table that a request names. */
function targetsOf(model: RequestsModel, { input }: Exchange): ReadTarget[] {
  const table = typeof input.TableName === "string" ? model.app.table(input.TableName) : undefined;
  return table ? readTargets(table) : [];
}

/** The Query that a Scan could be, as the builder understands both. */
function insteadOf({ operation, input }: Exchange, targets: readonly ReadTarget[]): { target: ReadTarget; input: ReadInput } | undefined {
  if (operation !== "Scan" || targets.length === 0) return undefined;
  try {
    const query = queryInstead(parseReadInput(operation, input as unknown as ReadInput, targets), targets);
    const target = query && targets.find(({ index }) => index === query.index);
    return target && { target, input: readInput(String(input.TableName), query, target) };
  } catch {
    // What the builder cannot show it cannot turn into another request either.
    return undefined;
  }
}

export function ExplainRequest({ model }: { model: RequestsModel }) {
  const exchange = model.exchanges.value.at(-1);
  if (!exchange) return null;
  const targets = targetsOf(model, exchange);
  // A program is the user's own: one of its requests is not to take its place.
  const instead = model.form.value === "code" ? undefined : insteadOf(exchange, targets);
  const use = () => {
    if (!instead) return;
    model.show("Query", instead.input);
    void model.run();
  };
  return (
    <section class="explain" aria-label="Explain">
      {instead && <QueryAdvice target={instead.target} use={use} />}
      <Explanation pages={[exchange]} target={targets.find(({ index }) => index === exchange.input.IndexName)} />
    </section>
  );
}
