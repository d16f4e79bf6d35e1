/** Any request, written as JSON, as a program for the AWS SDK or as a command of the AWS CLI; run, explained, kept. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp, useCommands } from "../app/context.ts";
import { CodeEditor, type EditorLanguage } from "../controls/code-editor.tsx";
import { Icon } from "../controls/icon.tsx";
import { itemsModel } from "../items/items-model.ts";
import type { ReadInput } from "../items/read-request.ts";
import { parseReadInput } from "../items/read-request-parse.ts";
import { allKeyNames, readTargets } from "../tables/description.ts";
import { completeRequest, type KnownNames } from "./complete-request.ts";
import { ExplainRequest } from "./explain-request.tsx";
import { keepRequest } from "./kept-requests.ts";
import { RequestList } from "./request-list.tsx";
import { OPERATION_NAMES } from "./request-model.ts";
import { RequestResult } from "./request-result.tsx";
import { type RequestForm, type RequestsModel, requestsModel } from "./requests-model.ts";

const FORMS: { form: RequestForm; label: string; language: EditorLanguage; editor: string }[] = [
  { form: "json", label: "JSON", language: "json", editor: "Request as JSON" },
  { form: "code", label: "SDK code", language: "javascript", editor: "Program for the AWS SDK" },
  { form: "cli", label: "AWS CLI", language: "text", editor: "Command of the AWS CLI" },
];

/** Where the text is no JSON, and why. */
function jsonProblems(text: string): { from: number; to: number; message: string }[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const { message } = error as Error;
    const place = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    return [{ from: Math.max(0, Math.min(place, text.length - 1)), to: place + 1, message }];
  }
}

/** Opens a Query or Scan in the visual builder. */
async function openInBuilder(model: RequestsModel): Promise<void> {
  const { app } = model;
  const { operation, input } = await model.request();
  if (operation !== "Query" && operation !== "Scan") throw new Error("The builder is for Query and Scan");
  const table = app.table(String(input.TableName));
  if (!table) throw new Error(`There is no table ${String(input.TableName)}`);
  const items = itemsModel(app, table);
  items.request.value = parseReadInput(operation, input as unknown as ReadInput, readTargets(table));
  void items.start();
  app.goTable(table.TableName);
}

function Untrusted({ model }: { model: RequestsModel }) {
  if (!model.untrusted.value || model.form.value !== "code") return null;
  return (
    <div class="advice" role="alert">
      <span>This program came with a link. It would run in a sandbox without network, and can read and change the open database.</span>
      <button type="button" class="small" onClick={() => (model.untrusted.value = false)}>
        I have read it, let it run
      </button>
    </div>
  );
}

export function RequestsView() {
  const app = useApp();
  const model = requestsModel(app);
  const [kept, setKept] = useState(0);
  const form = FORMS.find((each) => each.form === model.form.value)!;
  const text = model.text.value;
  const known = useMemo<KnownNames>(
    () => ({
      tables: app.tables.value,
      attributes: (name) => {
        const table = app.table(name);
        if (!table) return [];
        const seen = itemsModel(app, table)
          .items.peek()
          .slice(0, 100)
          .flatMap((item) => Object.keys(item));
        return [...new Set([...allKeyNames(table), ...seen])];
      },
    }),
    [app, app.tables.value],
  );
  const problems = useMemo(() => (form.form === "json" ? jsonProblems(text) : []), [form.form, text]);
  const keep = (name?: string) =>
    keepRequest({
      at: Date.now(),
      operation: model.operation.peek(),
      form: model.form.peek(),
      text: model.text.peek(),
      ...(name === undefined ? {} : { name }),
    })
      .then(() => setKept((count) => count + 1))
      .catch(() => {
        // Where the browser keeps nothing, history is what this page remembers.
      });
  const run = async () => {
    void keep();
    await model.run();
  };
  const save = async () => {
    const name = await app.dialogs.prompt({
      title: "Save this request",
      text: "It is kept in this browser.",
      yes: "Save",
      ask: { label: "Name", value: "", check: (given) => (given.trim() === "" ? "" : undefined) },
    });
    if (name !== undefined) await keep(name.trim());
  };
  useCommands(
    () => [
      { id: "request:run", title: "Run the request", group: "Requests", keys: "Mod+Enter", run },
      { id: "request:save", title: "Save the request", group: "Requests", run: save },
      ...FORMS.map(({ form: to, label }) => ({
        id: `request:${to}`,
        title: `Convert to ${label}`,
        group: "Requests",
        run: () => model.change(to),
      })),
      { id: "request:builder", title: "Open in the builder", group: "Requests", run: () => openInBuilder(model) },
    ],
    [model],
  );
  useEffect(() => () => model.stop(), [model]);
  return (
    <div class="requests">
      <div class="requests-main">
        <h1 class="hidden">Requests</h1>
        <div class="request-bar">
          <div class="segmented" role="group" aria-label="Written as">
            {FORMS.map((each) => (
              <button key={each.form} type="button" aria-pressed={each.form === form.form} onClick={() => model.change(each.form)}>
                {each.label}
              </button>
            ))}
          </div>
          {form.form === "json" && (
            <select
              aria-label="Operation"
              value={model.operation.value}
              onChange={(event) => (model.operation.value = event.currentTarget.value)}
            >
              {OPERATION_NAMES.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
          <button
            type="button"
            class="primary"
            disabled={model.busy.value || (form.form === "code" && model.untrusted.value)}
            onClick={run}
          >
            <Icon name="play" /> Run
          </button>
          {model.busy.value && form.form === "code" && (
            <button type="button" onClick={() => model.stop()}>
              Stop
            </button>
          )}
          <button type="button" class="ghost" onClick={() => app.attempt(() => openInBuilder(model))}>
            <Icon name="sliders" /> Builder
          </button>
          <button type="button" class="ghost" onClick={save}>
            Save
          </button>
        </div>
        <Untrusted model={model} />
        <div class="request-editor">
          <CodeEditor
            key={form.form}
            label={form.editor}
            language={form.language}
            value={text}
            change={(value) => {
              model.text.value = value;
            }}
            problems={problems}
            complete={(context) =>
              model.form.peek() === "json"
                ? completeRequest(model.operation.peek(), context.state.doc.toString(), context.pos, known)
                : null
            }
            run={run}
          />
        </div>
        <RequestResult model={model} />
        <ExplainRequest model={model} />
      </div>
      <RequestList
        changed={kept}
        open={(request) => {
          model.operation.value = request.operation;
          model.form.value = request.form;
          model.text.value = request.text;
          model.untrusted.value = false;
        }}
      />
    </div>
  );
}
