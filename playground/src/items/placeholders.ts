/** The placeholders of one request: names after the attributes they stand for, so that an expression can be read. */
import { type PathPart, parsePath } from "../expressions/condition.ts";
import { type AttributeValue, sameValue } from "../values/attribute-value.ts";

/** A word that can follow `#` or `:`, made of any attribute's name. */
function wordOf(name: string): string {
  const word = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  return word === "" ? "a" : word;
}

export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, AttributeValue>();

  /** The placeholder of one name. */
  name(name: string): string {
    for (const [placeholder, known] of this.#names) if (known === name) return placeholder;
    const placeholder = this.#fresh(`#${wordOf(name)}`, this.#names);
    this.#names.set(placeholder, name);
    return placeholder;
  }

  /** A document path with placeholders for its names. */
  path(text: string): string {
    return parsePath(text)
      .map((part: PathPart, at) => (typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${this.name(part)}`))
      .join("");
  }

  /** The placeholder of a value, named after what it is compared with. */
  value(name: string, value: AttributeValue): string {
    for (const [placeholder, known] of this.#values) if (sameValue(known, value)) return placeholder;
    const placeholder = this.#fresh(`:${wordOf(name)}`, this.#values);
    this.#values.set(placeholder, value);
    return placeholder;
  }

  get hasNames(): boolean {
    return this.#names.size > 0;
  }

  get hasValues(): boolean {
    return this.#values.size > 0;
  }

  names(): Record<string, string> {
    return Object.fromEntries(this.#names);
  }

  values(): Record<string, AttributeValue> {
    return Object.fromEntries(this.#values);
  }

  #fresh(wish: string, taken: Map<string, unknown>): string {
    if (!taken.has(wish)) return wish;
    let count = 2;
    while (taken.has(`${wish}${count}`)) count += 1;
    return `${wish}${count}`;
  }
}
