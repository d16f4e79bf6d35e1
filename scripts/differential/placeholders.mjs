/**
 * The names and values the expressions of one request refer to, collected while the texts are made, and the paths they are made of.
 * `faults` is how many of a hundred decisions go wrong on purpose.
 */
import { ATTRIBUTES, badValue } from "./values.mjs";

/** Attributes whose names no expression can spell: reserved words and other characters. */
const NEED_PLACEHOLDER = new Set(["status", "with space", "x.y"]);
const RESERVED = ["status", "Name", "size", "SET", "and", "data", "values"];

export class Placeholders {
  names = {};
  values = {};

  constructor(random, faults) {
    this.random = random;
    this.faults = faults;
  }

  /** True where this decision goes wrong. */
  wrong(share = 1) {
    return this.random.chance(this.faults * share);
  }

  /** How an attribute is written: its name or a placeholder. */
  name(attribute) {
    if (this.wrong(0.3)) return this.random.pick(["#undefined", ...RESERVED]);
    if (!NEED_PLACEHOLDER.has(attribute) && !attribute.includes("-") && this.random.chance(70)) return attribute;
    const placeholder = `#n${Object.keys(this.names).length}`;
    const known = Object.keys(this.names).find((other) => this.names[other] === attribute);
    if (known && this.random.chance(80)) return known;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  /** The placeholder of a value. */
  value(value) {
    if (this.wrong(0.3)) return ":undefined";
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = this.wrong(0.3) ? badValue(this.random) : value;
    return placeholder;
  }

  /** A document path that starts at `attribute`; maps and lists are entered now and then. */
  path(attribute = this.random.pick(Object.keys(ATTRIBUTES))) {
    const { random } = this;
    let path = this.name(attribute);
    const enter = attribute === "l" || attribute === "m" ? 60 : 6;
    if (random.chance(enter)) path += this.#step(attribute === "l");
    if (random.chance(enter / 4)) path += this.#step(random.chance(50));
    return path;
  }

  #step(list) {
    const { random } = this;
    if (list) return `[${this.wrong(0.3) ? random.pick(["-1", "01", "x", "", "4294967296"]) : random.between(0, 3)}]`;
    return `.${random.chance(80) ? random.pick(["a", "b", "k", "l", "n"]) : this.name("status")}`;
  }

  /** The request's ExpressionAttributeNames and -Values: those used, and the mistakes there are to make with the maps themselves. */
  members() {
    const { random, names, values } = this;
    const members = {};
    if (this.wrong(0.4))
      Object.assign(
        names,
        random.pick([
          { "#unused": "a" },
          { "#u1": "a", "#u2": "b" },
          { x: "a" },
          { "#": "a" },
          { "#e": "" },
          { "#n0": "" },
          { "#a-b": "a" },
        ]),
      );
    if (this.wrong(0.4))
      Object.assign(
        values,
        random.pick([
          { ":unused": { S: "a" } },
          { ":u1": { N: "1" }, ":u2": { S: "" } },
          { v: { S: "a" } },
          { ":": { S: "a" } },
          { ":a.b": { S: "a" } },
        ]),
      );
    if (Object.keys(names).length > 0 || this.wrong(0.15)) members.ExpressionAttributeNames = names;
    if (Object.keys(values).length > 0 || this.wrong(0.15)) members.ExpressionAttributeValues = values;
    return members;
  }
}
