/** Makes a table: as a form, or as CreateTable's JSON. Each is the other's picture. */

import { useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { CodeEditor } from "../controls/code-editor.tsx";
import { Icon } from "../controls/icon.tsx";
import { replaced, without } from "../values/lists.ts";
import { jsonText } from "../values/plain-json.ts";
import type { TableDescription } from "./description.ts";
import { IndexFields, KeyField } from "./key-fields.tsx";
import { createTableInput, draftOf, emptyDraft, emptyIndex, type StreamChoice, type TableDraft } from "./table-draft.ts";

function DraftForm({ draft, change }: { draft: TableDraft; change: (draft: TableDraft) => void }) {
  return (
    <>
      <label class="field">
        <span>Table name</span>
        <input
          value={draft.name}
          required
          placeholder="Music"
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => change({ ...draft, name: event.currentTarget.value })}
        />
      </label>
      <KeyField
        label="Partition key"
        value={draft.partition}
        required
        placeholder="PK"
        change={(partition) => change({ ...draft, partition })}
      />
      <KeyField label="Sort key (optional)" value={draft.sort} placeholder="SK" change={(sort) => change({ ...draft, sort })} />
      {draft.indexes.map((index, at) => (
        <IndexFields
          key={at}
          index={index}
          change={(next) => change({ ...draft, indexes: replaced(draft.indexes, at, next) })}
          remove={() => change({ ...draft, indexes: without(draft.indexes, at) })}
        />
      ))}
      <div class="buttons">
        <button type="button" onClick={() => change({ ...draft, indexes: [...draft.indexes, emptyIndex("GSI")] })}>
          <Icon name="plus" /> Global index
        </button>
        <button
          type="button"
          disabled={draft.sort.name === ""}
          onClick={() => change({ ...draft, indexes: [...draft.indexes, emptyIndex("LSI")] })}
        >
          <Icon name="plus" /> Local index
        </button>
      </div>
      <div class="key-field">
        <label class="field">
          <span>Stream</span>
          <select value={draft.stream} onChange={(event) => change({ ...draft, stream: event.currentTarget.value as StreamChoice })}>
            <option value="">None</option>
            <option value="NEW_AND_OLD_IMAGES">New and old images</option>
            <option value="NEW_IMAGE">New images</option>
            <option value="OLD_IMAGE">Old images</option>
            <option value="KEYS_ONLY">Keys only</option>
          </select>
        </label>
        <label class="field">
          <span>TTL attribute (optional)</span>
          <input
            value={draft.ttl}
            placeholder="expires"
            spellcheck={false}
            onInput={(event) => change({ ...draft, ttl: event.currentTarget.value })}
          />
        </label>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.deletionProtection}
          onChange={(event) => change({ ...draft, deletionProtection: event.currentTarget.checked })}
        />
        Deletion protection
      </label>
    </>
  );
}

export function CreateTableView() {
  const app = useApp();
  const [draft, setDraft] = useState(emptyDraft);
  const [json, setJson] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const showForm = () => {
    try {
      if (json !== undefined) setDraft({ ...draftOf(JSON.parse(json) as TableDescription), ttl: draft.ttl });
      setJson(undefined);
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const create = async () => {
    setProblem(undefined);
    try {
      const input = json === undefined ? createTableInput(draft) : (JSON.parse(json) as { TableName: string });
      await app.run("CreateTable", input);
      if (draft.ttl !== "") {
        await app.run("UpdateTimeToLive", {
          TableName: input.TableName,
          TimeToLiveSpecification: { Enabled: true, AttributeName: draft.ttl },
        });
      }
      app.say("Created", input.TableName);
      app.goTable(input.TableName);
    } catch (error) {
      setProblem(`${(error as Error).name}: ${(error as Error).message}`);
    }
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Create a table</h1>
        <div class="segmented" role="group" aria-label="Edit as">
          <button type="button" aria-pressed={json === undefined} onClick={showForm}>
            Form
          </button>
          <button
            type="button"
            aria-pressed={json !== undefined}
            onClick={() => json === undefined && setJson(jsonText(createTableInput(draft)))}
          >
            JSON
          </button>
        </div>
      </header>
      <form
        class="form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {json === undefined ? (
          <DraftForm draft={draft} change={setDraft} />
        ) : (
          <CodeEditor label="CreateTable input" language="json" value={json} change={setJson} />
        )}
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="submit" class="primary">
            Create table
          </button>
        </div>
      </form>
    </div>
  );
}
