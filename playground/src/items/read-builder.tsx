/** The visual builder of Query and Scan. */

import { Icon } from "../controls/icon.tsx";
import { Menu } from "../controls/menu.tsx";
import { targetName } from "../tables/description.ts";
import { ATTRIBUTE_TYPES, type AttributeType } from "../values/attribute-value.ts";
import { replaced } from "../values/lists.ts";
import { FilterRows } from "./filter-rows.tsx";
import type { ItemsModel } from "./items-model.ts";
import { type ReadRequest, SORT_OPERATORS, type SortOperator } from "./read-request.ts";

/** A select over a table of operators. */
export function OperatorSelect<Name extends string>(props: {
  label: string;
  of: Record<Name, { text: string }>;
  value: Name;
  change: (name: Name) => void;
}) {
  return (
    <select aria-label={props.label} value={props.value} onChange={(event) => props.change(event.currentTarget.value as Name)}>
      {Object.entries<{ text: string }>(props.of).map(([name, { text }]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** The types a value may be written in. */
export function TypeSelect({ label, value, change }: { label: string; value: AttributeType; change: (type: AttributeType) => void }) {
  return (
    <select class="type-select" aria-label={label} value={value} onChange={(event) => change(event.currentTarget.value as AttributeType)}>
      {ATTRIBUTE_TYPES.map((type) => (
        <option key={type} value={type}>
          {type}
        </option>
      ))}
    </select>
  );
}

function KeyRows({ model, request }: { model: ItemsModel; request: ReadRequest }) {
  const { partition, sort } = model.target;
  return (
    <>
      {partition.map(({ name, type }, at) => (
        <div class="builder-row" key={name}>
          <label class="attribute" for={`partition-${at}`}>
            {name} <span class="muted">{type}</span>
          </label>
          <span class="operator-text">=</span>
          <input
            id={`partition-${at}`}
            class="value"
            value={request.partition[at] ?? ""}
            spellcheck={false}
            autocapitalize="none"
            onInput={(event) => model.edit({ partition: replaced(request.partition, at, event.currentTarget.value) })}
          />
        </div>
      ))}
      {sort.map(({ name, type }, at) => {
        const condition = request.sort[at] ?? { operator: "any" as SortOperator, values: ["", ""] };
        const set = (change: Partial<typeof condition>) => model.edit({ sort: replaced(request.sort, at, { ...condition, ...change }) });
        const count = SORT_OPERATORS[condition.operator].values;
        return (
          <div class="builder-row" key={name}>
            <span class="attribute">
              {name} <span class="muted">{type}</span>
            </span>
            <OperatorSelect
              label={`Condition on ${name}`}
              of={SORT_OPERATORS}
              value={condition.operator}
              change={(operator) => set({ operator })}
            />
            {Array.from({ length: count }, (_, place) => (
              <input
                key={place === 0 ? "first" : "second"}
                class="value"
                aria-label={place === 0 ? `${name} value` : `${name} upper value`}
                value={condition.values[place] ?? ""}
                spellcheck={false}
                autocapitalize="none"
                onInput={(event) => set({ values: replaced(condition.values, place, event.currentTarget.value) })}
              />
            ))}
          </div>
        );
      })}
    </>
  );
}

export function ReadBuilder({ model }: { model: ItemsModel }) {
  const request = model.request.value;
  const run = () => void model.start();
  return (
    <form
      class="builder"
      aria-label="Query or Scan"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <div class="builder-top">
        <div class="segmented" role="group" aria-label="Operation">
          {(["Scan", "Query"] as const).map((operation) => (
            <button key={operation} type="button" aria-pressed={request.operation === operation} onClick={() => model.edit({ operation })}>
              {operation}
            </button>
          ))}
        </div>
        <select
          aria-label="Table or index"
          value={String(model.targets.findIndex(({ index }) => index === model.target.index))}
          onChange={(event) => model.choose(model.targets[Number(event.currentTarget.value)]?.index)}
        >
          {model.targets.map((target, at) => (
            <option key={targetName(target)} value={String(at)}>
              {targetName(target)}
            </option>
          ))}
        </select>
        <button type="submit" class="primary" disabled={model.busy.value}>
          <Icon name="play" /> Run
        </button>
        <button
          type="button"
          class="ghost"
          onClick={() =>
            model.edit({ filters: [...request.filters, { attribute: "", not: false, operator: "=", type: "S", values: ["", ""] }] })
          }
        >
          <Icon name="plus" /> Filter
        </button>
        <Menu title="Options" kind="plain">
          <label class="field">
            <span>Attributes to return</span>
            <input
              value={request.projection}
              placeholder="all"
              spellcheck={false}
              onInput={(event) => model.edit({ projection: event.currentTarget.value })}
            />
          </label>
          <label class="field narrow">
            <span>Limit a page</span>
            <input
              type="number"
              min="1"
              value={request.limit}
              placeholder="1 MB"
              onInput={(event) => model.edit({ limit: event.currentTarget.value })}
            />
          </label>
          {request.operation === "Query" && (
            <label class="check">
              <input
                type="checkbox"
                checked={!request.forward}
                onChange={(event) => model.edit({ forward: !event.currentTarget.checked })}
              />
              Descending
            </label>
          )}
          <label class="check">
            <input
              type="checkbox"
              checked={request.consistent}
              disabled={model.target.kind === "GSI"}
              onChange={(event) => model.edit({ consistent: event.currentTarget.checked })}
            />
            Consistent read
          </label>
        </Menu>
      </div>
      {request.operation === "Query" && <KeyRows model={model} request={request} />}
      <FilterRows model={model} request={request} />
    </form>
  );
}
