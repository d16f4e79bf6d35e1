/** Makes a link that carries tables, items and a request. */
import { useEffect, useState } from "preact/hooks";
import type { App } from "../app/app.ts";
import { useApp } from "../app/context.ts";
import { requestsModel } from "../requests/requests-model.ts";
import { likeTable } from "../tables/table-draft.ts";
import type { Item } from "../values/attribute-value.ts";
import { type SharedContent, type SharedTable, shareHash } from "./share-content.ts";

/** Longer links are cut by some programs they are sent through. */
const CAUTIOUS = 8000;
const LIMIT = 1_000_000;

async function firstItems(app: App, table: string, most: number): Promise<Item[]> {
  const items: Item[] = [];
  let from: unknown;
  while (items.length < most) {
    const page = await app.open.ask("Scan", {
      TableName: table,
      Limit: most - items.length,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
    if (from === undefined) break;
  }
  return items;
}

interface Choice {
  /** Tables that are left out: what is made meanwhile is in. */
  without: ReadonlySet<string>;
  most: number;
  request: boolean;
}

async function contentOf(app: App, { without, most, request }: Choice): Promise<SharedContent> {
  const chosen = app.tables.peek().filter(({ TableName }) => !without.has(TableName));
  const shared = await Promise.all(
    chosen.map(
      async (table): Promise<SharedTable> => ({ definition: likeTable(table), items: await firstItems(app, table.TableName, most) }),
    ),
  );
  if (!request) return { tables: shared };
  const model = requestsModel(app);
  if (model.form.peek() === "code") return { tables: shared, request: { kind: "code", code: model.text.peek() } };
  return { tables: shared, request: { kind: "request", ...(await model.request()) } };
}

export function ShareView() {
  const app = useApp();
  const [choice, setChoice] = useState<Choice>({ without: new Set(), most: 200, request: false });
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let old = false;
    contentOf(app, choice)
      .then((content) => {
        if (old) return;
        setLink(location.origin + location.pathname + shareHash(content));
        setProblem(undefined);
      })
      .catch((error) => !old && setProblem((error as Error).message));
    return () => {
      old = true;
    };
  }, [app, choice, app.tables.value]);
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    app.say("Copied", `${link.length.toLocaleString("en")} characters`);
  };
  const toggle = (name: string) => {
    const without = new Set(choice.without);
    if (!without.delete(name)) without.add(name);
    setChoice({ ...choice, without });
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Share</h1>
        <p class="muted">A link that carries tables, items and a request inside itself. Nothing is uploaded.</p>
      </header>
      <fieldset class="share-choice">
        <legend>What the link carries</legend>
        {app.tables.value.map(({ TableName, ItemCount }) => (
          <label class="check" key={TableName}>
            <input type="checkbox" checked={!choice.without.has(TableName)} onChange={() => toggle(TableName)} />
            {TableName} <span class="muted">{(ItemCount ?? 0).toLocaleString("en")} items</span>
          </label>
        ))}
        <label class="check">
          <input
            type="checkbox"
            checked={choice.request}
            onChange={(event) => setChoice({ ...choice, request: event.currentTarget.checked })}
          />
          The request in the editor
        </label>
        <label class="field narrow">
          <span>Items of a table, at most</span>
          <input
            type="number"
            min="0"
            max="20000"
            value={choice.most}
            onChange={(event) => setChoice({ ...choice, most: Math.max(0, event.currentTarget.valueAsNumber || 0) })}
          />
        </label>
      </fieldset>
      <label class="field grow">
        <span>Link</span>
        <textarea readOnly rows={6} value={link} class="link-text" />
      </label>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p role="status" class={link.length > CAUTIOUS ? "caution-text" : "muted"}>
        {link.length.toLocaleString("en")} characters.
        {link.length > CAUTIOUS && " Some programs cut links of more than 8,000."}
        {link.length > LIMIT && " Browsers may refuse it."}
      </p>
      <div class="buttons">
        <button type="button" class="primary" onClick={() => app.attempt(copy)}>
          Copy the link
        </button>
      </div>
    </div>
  );
}
