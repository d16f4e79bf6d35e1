/** What a Query or Scan of the items view did, and the Query that a Scan could be. */
import type { ItemsModel } from "../items/items-model.ts";
import { targetName } from "../tables/description.ts";
import { Explanation } from "./explanation.tsx";
import { queryInstead } from "./query-instead.ts";

function Advice({ model }: { model: ItemsModel }) {
  const run = model.run.value;
  const query = run && queryInstead(run.request, model.targets);
  if (!query) return null;
  const target = model.targets.find(({ index }) => index === query.index)!;
  const use = () => {
    model.request.value = query;
    void model.start();
  };
  return (
    <p class="advice">
      <span>
        This Scan reads every item to find some. The same items can be had by a <strong>Query</strong> of{" "}
        {target.kind === "table" ? "the table" : `the index ${targetName(target)}`}, which reads only theirs.
      </span>
      <button type="button" class="small" onClick={use}>
        Run it as a Query
      </button>
    </p>
  );
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
