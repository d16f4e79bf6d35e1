/** The controls for keys and indexes, used for a new table and for a new index. */

import { Icon } from "../controls/icon.tsx";
import { replaced, without } from "../values/lists.ts";
import { emptyKey, type IndexDraft, type KeyDraft, MOST_KEY_PARTS } from "./table-draft.ts";

const TYPES = [
  ["S", "String"],
  ["N", "Number"],
  ["B", "Binary"],
] as const;

interface KeyFieldProps {
  label: string;
  value: KeyDraft;
  change: (value: KeyDraft) => void;
  placeholder?: string;
  required?: boolean;
  remove?: () => void;
}

/** A key attribute's name and type. */
export function KeyField({ label, value, change, placeholder, required = false, remove }: KeyFieldProps) {
  return (
    <div class="key-field">
      <label class="field">
        <span>{label}</span>
        <input
          value={value.name}
          required={required}
          placeholder={placeholder}
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => change({ ...value, name: event.currentTarget.value })}
        />
      </label>
      <label class="field narrow">
        <span>
          <span class="hidden">{label} </span>type
        </span>
        <select value={value.type} onChange={(event) => change({ ...value, type: event.currentTarget.value as KeyDraft["type"] })}>
          {TYPES.map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {remove && (
        <button type="button" class="ghost small" aria-label={`Remove ${label}`} onClick={remove}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

interface KeyListProps {
  label: string;
  keys: KeyDraft[];
  most: number;
  change: (keys: KeyDraft[]) => void;
}

/** The attributes of a key of several. */
function KeyList({ label, keys, most, change }: KeyListProps) {
  return (
    <div class="key-list">
      {keys.map((key, at) => (
        <KeyField
          key={at}
          label={keys.length > 1 ? `${label} ${at + 1}` : label}
          value={key}
          change={(next) => change(replaced(keys, at, next))}
          {...(at > 0 ? { remove: () => change(without(keys, at)) } : {})}
        />
      ))}
      {keys.length < most && keys.at(-1)?.name !== "" && (
        <button type="button" class="ghost small" onClick={() => change([...keys, emptyKey()])}>
          <Icon name="plus" /> Another {label.toLowerCase()} attribute
        </button>
      )}
    </div>
  );
}

interface IndexFieldsProps {
  index: IndexDraft;
  change: (index: IndexDraft) => void;
  remove?: () => void;
}

/** Everything about one index. */
export function IndexFields({ index, change, remove }: IndexFieldsProps) {
  const title = index.kind === "GSI" ? "Global secondary index" : "Local secondary index";
  const most = index.kind === "GSI" ? MOST_KEY_PARTS : 1;
  return (
    <fieldset class="index-fields">
      <legend>{title}</legend>
      <div class="key-field">
        <label class="field">
          <span>Index name</span>
          <input
            value={index.name}
            required
            spellcheck={false}
            autocapitalize="none"
            onInput={(event) => change({ ...index, name: event.currentTarget.value })}
          />
        </label>
        <label class="field narrow">
          <span>Projection</span>
          <select
            value={index.projection}
            onChange={(event) => change({ ...index, projection: event.currentTarget.value as IndexDraft["projection"] })}
          >
            <option value="ALL">All attributes</option>
            <option value="KEYS_ONLY">Keys only</option>
            <option value="INCLUDE">Keys and these</option>
          </select>
        </label>
        {remove && (
          <button type="button" class="ghost small" aria-label={`Remove index ${index.name}`} onClick={remove}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {index.kind === "GSI" && (
        <KeyList label="Index partition key" keys={index.partition} most={most} change={(partition) => change({ ...index, partition })} />
      )}
      <KeyList label="Index sort key" keys={index.sort} most={most} change={(sort) => change({ ...index, sort })} />
      {index.projection === "INCLUDE" && (
        <label class="field">
          <span>Projected attributes, separated by commas</span>
          <input value={index.include} spellcheck={false} onInput={(event) => change({ ...index, include: event.currentTarget.value })} />
        </label>
      )}
    </fieldset>
  );
}
