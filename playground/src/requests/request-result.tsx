/** What a request said: the answer as JSON, a program's console, an error. */
import { jsonText } from "../values/plain-json.ts";
import type { RequestsModel } from "./requests-model.ts";

/** Longer answers are cut here; items are looked at in the grid. */
const LONGEST = 200_000;

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… ${(text.length - LONGEST).toLocaleString("en")} characters more` : text;
}

export function RequestResult({ model }: { model: RequestsModel }) {
  const failure = model.failure.value;
  const lines = model.console.value;
  const last = model.exchanges.value.at(-1);
  const code = model.form.value === "code";
  return (
    <div class="request-result">
      {failure && (
        <p class="result-failure" role="alert">
          <strong>{failure.name}</strong> {failure.message}
        </p>
      )}
      {lines.length > 0 && (
        <pre class="console" tabIndex={0} role="region" aria-label="Console">
          {lines.map(({ level, text }, at) => (
            <span key={at} data-level={level}>
              {cut(text)}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
      {last && !code && (
        <pre tabIndex={0} role="region" aria-label="Answer">
          {cut(jsonText(last.answer))}
        </pre>
      )}
      {!failure && !last && lines.length === 0 && (
        <p class="muted">{model.busy.value ? "Running…" : "Control and Enter run what is written."}</p>
      )}
    </div>
  );
}
