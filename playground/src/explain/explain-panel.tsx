/** What a Query or Scan of the items view did, and the Query that a Scan could be. */
import type { ItemsModel } from "../items/items-model.ts";
import { Explanation } from "./explanation.tsx";
import { QueryAdvice } from "./query-advice.tsx";
import { queryInstead } from "./query-instead.ts";

function Advice({ model }: { model: ItemsModel }) {
  const run = model.run.value;
  const query = run && queryInstead(run.request, model.targets);
  if (!query) return null;
  const use = () => {
    model.request.value = query;
    void model.start();
  };
  return <QueryAdvice target={model.targets.find(({ index }) => index === query.index)!} use={use} />;
}

export function ExplainPanel({ model }: { model: ItemsModel }) {
  const run = model.run.value;
  if (!run || run.pages.length === 0) return null;
  return (
    <section class="explain" aria-label="Explain">
      <Advice model={model} />
      <Explanation pages={run.pages} target={model.targets.find(({ index }) => index === run.request.index)} />
    </section>
  );
}
