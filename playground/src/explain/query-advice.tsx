/** Says that a Scan reads everything to find some, and offers the Query that finds the same. */
import { type ReadTarget, targetName } from "../tables/description.ts";

export function QueryAdvice({ target, use }: { target: ReadTarget; use: () => void }) {
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
