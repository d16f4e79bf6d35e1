/** Mistakes any request can have: members of the wrong JSON type, missing, null, unknown, or out of their bounds. */

const WRONG_VALUES = ["a", "", 1, 1.5, -1, true, null, [], {}, ["a"], [1], { a: 1 }, [null], { a: null }, [[]]];
const TABLE_NAMES = ["", "ab", "a b!", "x".repeat(256), "no-such-table", null, 5];

/** Every place in a request: the object or list that holds it and its name there. */
function places(value, found = []) {
  if (value === null || typeof value !== "object") return found;
  for (const name of Object.keys(value)) {
    found.push({ holder: value, name });
    places(value[name], found);
  }
  return found;
}

function remove({ holder, name }) {
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
}

/** Changes a request in place, once or twice. */
export function spoil(random, request) {
  for (let left = random.chance(25) ? 2 : 1; left > 0; left -= 1) {
    const all = places(request);
    // Half of the mistakes are at the top, where the members have constraints of their own.
    const at = random.pick(random.chance(50) ? all.filter(({ holder }) => holder === request) : all);
    if (!at) return;
    random.weighted([
      [5, () => (at.holder[at.name] = structuredClone(random.pick(WRONG_VALUES)))],
      [3, () => remove(at)],
      [1, () => (request.Unknown = "a")],
      [3, () => "TableName" in request && (request.TableName = random.pick(TABLE_NAMES))],
    ])();
  }
}
