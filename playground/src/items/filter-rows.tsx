/** The filter's lines: an attribute, an operator, values with their type. */

import { Icon } from "../controls/icon.tsx";
import { ATTRIBUTE_TYPES, TYPE_NAMES } from "../values/attribute-value.ts";
import { replaced, without } from "../values/lists.ts";
import type { ItemsModel } from "./items-model.ts";
import { OperatorSelect, TypeSelect } from "./read-builder.tsx";
import { FILTER_OPERATORS, type FilterRow, type ReadRequest } from "./read-request.ts";

/** Sizes are numbers, and a type is chosen from a list. */
const choosesType = ({ operator }: FilterRow) => !operator.startsWith("size") && operator !== "attribute_type";

function Values({ row, change, name }: { row: FilterRow; name: string; change: (values: string[]) => void }) {
  const wanted = FILTER_OPERATORS[row.operator].values;
  const count = wanted === "list" ? row.values.length : wanted;
  if (row.operator === "attribute_type") {
    return (
      <select aria-label={`${name} type`} value={row.values[0] ?? "S"} onChange={(event) => change([event.currentTarget.value])}>
        {ATTRIBUTE_TYPES.map((type) => (
          <option key={type} value={type}>
            {TYPE_NAMES[type]}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      {Array.from({ length: count }, (_, at) => (
        <input
          key={at}
          class="value"
          aria-label={count > 1 ? `${name} value ${at + 1}` : `${name} value`}
          value={row.values[at] ?? ""}
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) =>
            change(
              Array.from({ length: Math.max(count, row.values.length) }, (_, place) =>
                place === at ? event.currentTarget.value : (row.values[place] ?? ""),
              ),
            )
          }
        />
      ))}
      {wanted === "list" && (
        <button type="button" class="ghost small" aria-label={`Another value for ${name}`} onClick={() => change([...row.values, ""])}>
          <Icon name="plus" />
        </button>
      )}
    </>
  );
}

export function FilterRows({ model, request }: { model: ItemsModel; request: ReadRequest }) {
  const set = (at: number, change: Partial<FilterRow>) =>
    model.edit({ filters: replaced(request.filters, at, { ...request.filters[at]!, ...change }) });
  const known = [...new Set(model.items.value.slice(0, 50).flatMap((item) => Object.keys(item)))];
  if (request.filters.length === 0) return null;
  return (
    <fieldset class="filters">
      <legend class="hidden">Filter</legend>
      <datalist id="attribute-names">
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {request.filters.map((row, at) => {
        const name = row.attribute === "" ? `Filter ${at + 1}` : row.attribute;
        return (
          <div class="builder-row" key={at}>
            {at === 0 ? (
              <span class="join muted">where</span>
            ) : (
              <select
                class="join"
                aria-label="Conditions are joined by"
                value={request.join}
                onChange={(event) => model.edit({ join: event.currentTarget.value as "AND" | "OR" })}
              >
                <option value="AND">and</option>
                <option value="OR">or</option>
              </select>
            )}
            <input
              class="attribute"
              list="attribute-names"
              aria-label={`Filter ${at + 1} attribute`}
              placeholder="attribute or path"
              value={row.attribute}
              spellcheck={false}
              autocapitalize="none"
              onInput={(event) => set(at, { attribute: event.currentTarget.value })}
            />
            <label class="check tight">
              <input type="checkbox" checked={row.not} onChange={(event) => set(at, { not: event.currentTarget.checked })} />
              not
            </label>
            <OperatorSelect
              label={`${name} operator`}
              of={FILTER_OPERATORS}
              value={row.operator}
              change={(operator) => set(at, { operator, ...(operator === "attribute_type" ? { values: ["S"] } : {}) })}
            />
            {FILTER_OPERATORS[row.operator].values !== 0 && choosesType(row) && (
              <TypeSelect label={`${name} value type`} value={row.type} change={(type) => set(at, { type })} />
            )}
            <Values row={row} name={name} change={(values) => set(at, { values })} />
            <button
              type="button"
              class="ghost small"
              aria-label={`Remove filter ${at + 1}`}
              onClick={() => model.edit({ filters: without(request.filters, at) })}
            >
              <Icon name="close" />
            </button>
          </div>
        );
      })}
    </fieldset>
  );
}
