/** What a request did, in figures and in a picture: the pages with what was evaluated and what was returned. */
import type { Exchange } from "../database/exchange.ts";
import { parseCondition } from "../expressions/condition.ts";
import { conditionText } from "../expressions/condition-text.ts";
import type { ReadTarget } from "../tables/description.ts";
import type { AttributeValue } from "../values/attribute-value.ts";
import { counted } from "../values/counted.ts";
import { bytesText } from "../values/item-size.ts";
import { costOf, PRICE, priceText } from "./cost.ts";
import { executionsOf, joinedTraces, Statements } from "./statements.tsx";

/** No more pages are drawn; the figures count all. */
const DRAWN = 60;

function readable(input: Record<string, unknown>, member: string): string | undefined {
  const text = input[member];
  if (typeof text !== "string") return undefined;
  try {
    const condition = parseCondition(text, (input.ExpressionAttributeNames ?? {}) as Record<string, string>);
    return conditionText(condition, (input.ExpressionAttributeValues ?? {}) as Record<string, AttributeValue>);
  } catch {
    return text;
  }
}

/** Where the answer came from, in words. */
function answeredBy({ operation, input }: Exchange, target: ReadTarget | undefined): string {
  const table = typeof input.TableName === "string" ? input.TableName : undefined;
  const index = typeof input.IndexName === "string" ? input.IndexName : undefined;
  if (index !== undefined) return `${target?.kind ?? "index"} ${index} of ${table}`;
  if (table !== undefined) return `table ${table}`;
  return operation.startsWith("List") || operation.startsWith("Describe") ? "the database's catalog" : "the database";
}

const sum = (pages: readonly Exchange[], of: (page: Exchange) => number | undefined) =>
  pages.reduce((all, page) => all + (of(page) ?? 0), 0);

/** The pages, each as wide as what it evaluated; the filled part is what it returned. */
function PageDrawing({ pages }: { pages: readonly Exchange[] }) {
  const most = Math.max(1, ...pages.map(({ answer }) => answer.ScannedCount ?? answer.Count ?? 0));
  return (
    <figure class="pages">
      <figcaption class="muted">
        Pages: <span class="swatch returned" /> returned, <span class="swatch evaluated" /> evaluated only
      </figcaption>
      <ol>
        {pages.slice(0, DRAWN).map(({ id, answer, responseBytes, milliseconds, capacity }, at) => {
          const scanned = answer.ScannedCount ?? 0;
          const returned = answer.Count ?? 0;
          const units = capacity.reduce((all, { CapacityUnits = 0 }) => all + CapacityUnits, 0);
          return (
            <li key={id}>
              <span class="page-number">{at + 1}</span>
              <span class="page-track">
                <span class="page-evaluated" style={{ width: `${(scanned / most) * 100}%` }}>
                  <span class="page-returned" style={{ width: scanned === 0 ? "0" : `${(returned / scanned) * 100}%` }} />
                </span>
              </span>
              <span class="page-text">
                {returned.toLocaleString("en")} of {scanned.toLocaleString("en")}, {bytesText(responseBytes)}, {units} RCU,{" "}
                {milliseconds.toFixed(1)} ms
              </span>
            </li>
          );
        })}
      </ol>
      {pages.length > DRAWN && <p class="muted">and {pages.length - DRAWN} pages more</p>}
    </figure>
  );
}

function Fact({ name, value, note }: { name: string; value: string; note?: string | undefined }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        {value} {note === undefined ? null : <span class="muted">{note}</span>}
      </dd>
    </div>
  );
}

export function Explanation({ pages, target }: { pages: readonly Exchange[]; target?: ReadTarget | undefined }) {
  const [first] = pages;
  if (!first) return null;
  const cost = costOf(pages);
  const consumes = pages.some(({ capacity }) => capacity.length > 0);
  const reads = first.operation === "Query" || first.operation === "Scan";
  const evaluated = sum(pages, ({ answer }) => answer.ScannedCount);
  const returned = sum(pages, ({ answer }) => answer.Count);
  const key = readable(first.input, "KeyConditionExpression");
  const filter = readable(first.input, "FilterExpression");
  const condition = readable(first.input, "ConditionExpression");
  const traces = pages.flatMap(({ trace }) => trace ?? []);
  const trace = traces.length === 0 ? undefined : joinedTraces(traces);
  return (
    <>
      <dl class="facts">
        <Fact
          name="Answered by"
          value={answeredBy(first, target)}
          note={target?.projection.ProjectionType === "ALL" ? undefined : target?.projection.ProjectionType}
        />
        {first.operation === "Query" && <Fact name="Key condition" value={key ?? "legacy KeyConditions"} />}
        {reads && <Fact name="Filter" value={filter ?? "none"} />}
        {condition !== undefined && <Fact name="Condition" value={condition} />}
        {reads && (
          <Fact
            name="Returned"
            value={`${returned.toLocaleString("en")} of ${evaluated.toLocaleString("en")} evaluated`}
            note={evaluated === 0 ? undefined : `${Math.round((returned / evaluated) * 100)} % of what was read and paid for`}
          />
        )}
        <Fact name="Answer" value={bytesText(sum(pages, ({ responseBytes }) => responseBytes))} />
        {consumes && (
          <Fact
            name="Consumed capacity"
            value={`${cost.units} ${cost.kind === "read" ? "RCU" : "WCU"}`}
            note={cost.parts.length > 1 ? cost.parts.map(({ name, units }) => `${name} ${units}`).join(", ") : undefined}
          />
        )}
        {consumes && (
          <Fact
            name="On demand"
            value={priceText(cost.price)}
            note={`in ${PRICE.region}; ${priceText(cost.price * 1_000_000)} for a million of them`}
          />
        )}
        <Fact
          name="Time"
          value={`${sum(pages, ({ milliseconds }) => milliseconds).toFixed(1)} ms`}
          note={pages.length > 1 ? `${pages.length} pages` : undefined}
        />
        {trace && (
          <Fact
            name="Bridge to SQLite"
            value={
              trace.crossings === 0
                ? "not crossed"
                : `${counted(trace.crossings, "crossing")}, ${counted(executionsOf(trace), "statement")}`
            }
            note={
              trace.crossings === 0 ? "the engine knew the answer" : `${bytesText(trace.bytesIn)} there, ${bytesText(trace.bytesOut)} back`
            }
          />
        )}
      </dl>
      {reads && <PageDrawing pages={pages} />}
      {trace && <Statements trace={trace} />}
    </>
  );
}
