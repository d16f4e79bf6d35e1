/** Update expressions, made from the grammar, with mistakes where the placeholders say so. */
import { spoilt } from "./expressions.mjs";
import { ATTRIBUTES, anyValue, badKeyValue, keyValue, lawfulValue } from "./values.mjs";

const typed = (to, attribute) => to.value(to.random.chance(80) ? lawfulValue(to.random, ATTRIBUTES[attribute]) : anyValue(to.random));

const rightSides = [
  (to, attribute) => typed(to, attribute),
  (to, attribute) => typed(to, attribute),
  (to, attribute) => `if_not_exists(${to.path(attribute)}, ${typed(to, attribute)})`,
  (to) => `${to.path("n")} ${to.random.pick(["+", "-"])} ${to.value(lawfulValue(to.random, "N"))}`,
  (to) => `if_not_exists(n, ${to.value({ N: "0" })}) + ${to.value(lawfulValue(to.random, "N"))}`,
  (to) => `list_append(${to.path("l")}, ${to.value(lawfulValue(to.random, "L"))})`,
  (to) => `list_append(${to.value(lawfulValue(to.random, "L"))}, if_not_exists(l, ${to.value({ L: [] })}))`,
  (to) => to.path(),
];

const wrongRightSides = [
  (to) => `n + ${to.value({ S: "a" })}`,
  (_to) => `n + n + n`,
  (to) => `list_append(${to.value({ S: "a" })}, l)`,
  (_to) => `list_append(l)`,
  (_to) => `list_append(l, l)`,
  (_to) => `if_not_exists(a)`,
  (to) => `if_not_exists(${to.value({ S: "a" })}, ${to.value({ S: "a" })})`,
  (_to) => `size(a)`,
  (to) => `unknown(a, ${to.value({ S: "a" })})`,
  (to) => `(n + ${to.value({ N: "1" })})`,
  (to) => `n * ${to.value({ N: "1" })}`,
  (to) => `${to.value({ N: "1" })} + ${to.value({ S: "x" })}`,
  (to) => `n + ${to.value({ N: "9.9e125" })}`,
  (to) => `n + ${to.value({ N: "1e-120" })}`,
];

const sections = {
  SET: (to, attribute) => `${to.path(attribute)} = ${to.random.pick(to.wrong(0.4) ? wrongRightSides : rightSides)(to, attribute)}`,
  REMOVE: (to, attribute) => to.path(attribute),
  ADD: (to, attribute) =>
    `${to.path(attribute)} ${to.value(lawfulValue(to.random, to.random.pick(to.wrong() ? ["S", "L", "M", "BOOL", "B", "NULL"] : addable(attribute))))}`,
  DELETE: (to, attribute) =>
    `${to.path(attribute)} ${to.value(lawfulValue(to.random, to.random.pick(to.wrong() ? ["S", "L", "N", "M"] : deletable(attribute))))}`,
};

const addable = (attribute) => (["SS", "NS", "BS"].includes(ATTRIBUTES[attribute]) ? [ATTRIBUTES[attribute]] : ["N"]);
const deletable = (attribute) => (["SS", "NS", "BS"].includes(ATTRIBUTES[attribute]) ? [ATTRIBUTES[attribute]] : ["SS"]);

const suited = {
  SET: Object.keys(ATTRIBUTES),
  REMOVE: Object.keys(ATTRIBUTES),
  ADD: ["n", "b", "d", "ss", "ns", "bs", "n"],
  DELETE: ["ss", "ns", "bs"],
};

/** An action on a key of an index or, as a mistake, on the table's. */
function keyAction(to, { name, type }) {
  const value = to.wrong(0.5) ? badKeyValue(to.random, type) : keyValue(to.random, type);
  return to.random.chance(70) ? ["SET", `${name} = ${to.value(value)}`] : ["REMOVE", name];
}

/** An update expression; `indexKeys` are attributes of index keys, `tableKeys` those of the table's. */
export function updateExpression(to, tableKeys, indexKeys) {
  const { random } = to;
  const actions = { SET: [], REMOVE: [], ADD: [], DELETE: [] };
  const free = new Set(Object.keys(ATTRIBUTES));
  for (let left = random.between(1, 4); left > 0; left -= 1) {
    const section = random.weighted([
      [6, "SET"],
      [3, "REMOVE"],
      [2, "ADD"],
      [1, "DELETE"],
    ]);
    const attribute = random.pick(suited[section]);
    // Without a mistake each attribute is written once: paths that overlap are an error.
    if (!free.delete(attribute) && !to.wrong(0.3)) continue;
    actions[section].push(sections[section](to, attribute));
  }
  const taken = (name) => name in ATTRIBUTES && !free.has(name);
  const keys = [...(to.wrong(0.2) ? tableKeys : []), ...(random.chance(30) ? indexKeys : [])].filter(({ name }) => !taken(name));
  for (const key of random.some(keys, 1)) {
    const [section, action] = keyAction(to, key);
    actions[section].push(action);
  }
  const order = random.some(Object.keys(actions), 4).filter((section) => actions[section].length > 0);
  const text = order.map((section) => `${random.chance(90) ? section : section.toLowerCase()} ${actions[section].join(", ")}`);
  if (to.wrong(0.1)) text.push("SET z = n");
  return spoilt(to, text.join(" "));
}
