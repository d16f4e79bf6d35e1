/** An item as a form: a line for each attribute, with its type; lists and maps open inside. */

import { useState } from "preact/hooks";
import { Icon } from "../controls/icon.tsx";
import { type AttributeType, type AttributeValue, attributeValue, emptyValue, type Item, typed } from "../values/attribute-value.ts";
import { valueProblem } from "../values/check-item.ts";
import { replaced, without } from "../values/lists.ts";
import { TypeSelect } from "./read-builder.tsx";

interface ValueFieldProps {
  path: string;
  value: AttributeValue;
  change: (value: AttributeValue) => void;
}

/** Keeps what was written when a type becomes another, where that means anything. */
function retyped(value: AttributeValue, type: AttributeType): AttributeValue {
  const found = typed(value);
  const text = typeof found.value === "string" ? found.value : "";
  if (type === "S" || type === "B") return attributeValue(type, text);
  if (type === "N") return attributeValue(type, /^-?\d/.test(text) ? text : "0");
  if (type.length === 2 && Array.isArray(found.value) && found.type.length === 2) return attributeValue(type, found.value);
  return emptyValue(type);
}

function SetField({ path, value, change }: ValueFieldProps) {
  const found = typed(value) as { type: "SS" | "NS" | "BS"; value: string[] };
  return (
    <textarea
      aria-label={`${path}, one value a line`}
      rows={Math.min(6, Math.max(2, found.value.length))}
      value={found.value.join("\n")}
      spellcheck={false}
      onInput={(event) => change(attributeValue(found.type, event.currentTarget.value.split("\n")))}
    />
  );
}

function ListField({ path, value, change }: ValueFieldProps) {
  const list = (typed(value) as { value: AttributeValue[] }).value;
  return (
    <div class="nested">
      {list.map((each, at) => (
        <div class="value-row" key={at}>
          <span class="value-name muted">[{at}]</span>
          <ValueField path={`${path}[${at}]`} value={each} change={(next) => change({ L: replaced(list, at, next) })} />
          <button type="button" class="ghost small" aria-label={`Remove ${path}[${at}]`} onClick={() => change({ L: without(list, at) })}>
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" class="ghost small" onClick={() => change({ L: [...list, { S: "" }] })}>
        <Icon name="plus" /> Member of {path}
      </button>
    </div>
  );
}

function ValueInput(props: ValueFieldProps) {
  const { path, value, change } = props;
  const found = typed(value);
  switch (found.type) {
    case "M":
      return <ItemForm path={path} item={found.value} change={(item) => change({ M: item })} locked={[]} />;
    case "L":
      return <ListField {...props} />;
    case "SS":
    case "NS":
    case "BS":
      return <SetField {...props} />;
    case "NULL":
      return <span class="muted value-input">null</span>;
    case "BOOL":
      return (
        <label class="check value-input">
          <input
            type="checkbox"
            aria-label={path}
            checked={found.value}
            onChange={(event) => change({ BOOL: event.currentTarget.checked })}
          />
          {String(found.value)}
        </label>
      );
    default: {
      const set = (text: string) => change(attributeValue(found.type, text));
      const long = found.type === "S" && (found.value.length > 60 || found.value.includes("\n"));
      return long ? (
        <textarea aria-label={path} rows={4} value={found.value} spellcheck={false} onInput={(event) => set(event.currentTarget.value)} />
      ) : (
        <input
          class="value-input"
          aria-label={path}
          value={found.value}
          inputMode={found.type === "N" ? "decimal" : "text"}
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => set(event.currentTarget.value)}
        />
      );
    }
  }
}

function ValueField({ path, value, change }: ValueFieldProps) {
  const found = typed(value);
  const problem = found.type === "M" || found.type === "L" ? undefined : valueProblem(value);
  return (
    <div class="value-field" data-wide={found.type === "M" || found.type === "L" || undefined}>
      <TypeSelect label={`${path} type`} value={found.type} change={(type) => change(retyped(value, type))} />
      <ValueInput path={path} value={value} change={change} />
      {problem === undefined ? null : <span class="problem">{problem}</span>}
    </div>
  );
}

/** An item with an attribute under another name, in the same place. */
function renamed(item: Item, from: string, to: string): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name === from ? to : name, value]));
}

export interface ItemFormProps {
  /** What the item is inside of; empty for the item itself. */
  path?: string;
  item: Item;
  change: (item: Item) => void;
  /** Attributes that stay: the key's. */
  locked: readonly string[];
}

export function ItemForm({ path = "", item, change, locked }: ItemFormProps) {
  const [name, setName] = useState("");
  const taken = Object.hasOwn(item, name);
  const add = () => {
    if (name === "" || taken) return;
    change(Object.fromEntries([...Object.entries(item), [name, { S: "" }]]));
    setName("");
  };
  return (
    <div class={path === "" ? "item-form" : "nested"}>
      {Object.entries(item).map(([each, value], at) => {
        const whole = path === "" ? each : `${path}.${each}`;
        return (
          <div class="value-row" key={at}>
            {locked.includes(each) ? (
              <span class="value-name key">{each}</span>
            ) : (
              <input
                class="value-name"
                aria-label={`Name of ${whole}`}
                value={each}
                spellcheck={false}
                onChange={(event) => {
                  const to = event.currentTarget.value;
                  if (to === "" || Object.hasOwn(item, to)) event.currentTarget.value = each;
                  else change(renamed(item, each, to));
                }}
              />
            )}
            <ValueField
              path={whole}
              value={value}
              change={(next) => change(Object.fromEntries(Object.entries(item).map(([key, old]) => [key, key === each ? next : old])))}
            />
            {!locked.includes(each) && (
              <button
                type="button"
                class="ghost small"
                aria-label={`Remove ${whole}`}
                onClick={() => change(Object.fromEntries(Object.entries(item).filter(([key]) => key !== each)))}
              >
                <Icon name="close" />
              </button>
            )}
          </div>
        );
      })}
      <div class="value-row">
        <input
          class="value-name"
          aria-label={path === "" ? "New attribute's name" : `New name in ${path}`}
          placeholder="new attribute"
          value={name}
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" class="ghost small" disabled={name === "" || taken} onClick={add}>
          <Icon name="plus" /> Add
        </button>
      </div>
    </div>
  );
}
