/** The page's one place for answers: a sentence, the error if there is one, and the JSON that went back and forth. */
import { byId } from "./elements.ts";
import type { Exchange } from "./exchange.ts";

const section = byId("result", HTMLElement);
const summaryLine = byId("result-summary", HTMLElement);
const failure = byId("result-failure", HTMLElement);
const failureName = byId("result-failure-name", HTMLElement);
const failureMessage = byId("result-failure-message", HTMLElement);
const exchangePanes = byId("exchange", HTMLElement);
const responsePane = byId("response", HTMLTextAreaElement);
const requestPane = byId("request", HTMLTextAreaElement);

// Read-only text areas: they scroll and can be reached and copied from by keyboard everywhere, unlike a <pre>.
const FEWEST_ROWS = 8;
const MOST_ROWS = 24;

/** JSON with line breaks. Numbers of items are strings in DynamoDB's JSON, so none of their digits are at risk. */
function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function showExchange({ request, response }: Exchange): void {
  exchangePanes.hidden = request === undefined;
  for (const [pane, json] of [
    [requestPane, request],
    [responsePane, response],
  ] as const) {
    pane.value = pretty(json ?? "");
    pane.rows = Math.min(Math.max(pane.value.split("\n").length, FEWEST_ROWS), MOST_ROWS);
  }
}

/** Says that an action has begun, so that what is shown is never taken for its outcome. */
export function showWaiting(): void {
  summaryLine.textContent = "Waiting for the answer…";
  failure.hidden = true;
}

/** Shows what came of an action. */
export function showAnswer(summary: string, exchange: Exchange = {}): void {
  const time = exchange.milliseconds === undefined ? "" : ` in ${exchange.milliseconds.toFixed(1)} ms`;
  summaryLine.textContent = `${summary}${time}.`;
  failure.hidden = true;
  showExchange(exchange);
  section.scrollIntoView({ block: "nearest" });
}

/** Shows why an action failed: the service's errors and the page's own, by name and message. */
export function showFailure(action: string, error: unknown, exchange: Exchange = {}): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  summaryLine.textContent = `${action} failed.`;
  failureName.textContent = name;
  failureMessage.textContent = message;
  failure.hidden = false;
  showExchange(exchange);
  section.scrollIntoView({ block: "nearest" });
}
