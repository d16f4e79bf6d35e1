/** Requests of the two transactions, lawful ones and such with mistakes, made of the parts of the item operations. */
import { conditionExpression, projectionExpression } from "./expressions.mjs";
import { capacity, key, wholeItem } from "./item-requests.mjs";
import { Placeholders } from "./placeholders.mjs";
import { keyAttributes, keysOf } from "./tables.mjs";
import { updateExpression } from "./update-expressions.mjs";

const MOST_ACTIONS = 100;
/** The reference server may remember the tokens of the last run. */
const TOKEN = `used-${Date.now().toString(36)}`;

/** Mostly a few; now and then none, or one too many. */
const size = (random, faults) => (random.chance(faults * 0.15) ? random.pick([0, MOST_ACTIONS + 1]) : random.between(1, 5));

function conditional(random, faults, to, must) {
  const members = must || random.chance(35) ? { ConditionExpression: conditionExpression(to) } : {};
  if (random.chance(25))
    members.ReturnValuesOnConditionCheckFailure = random.chance(faults * 0.3) ? "BOGUS" : random.pick(["ALL_OLD", "NONE"]);
  return members;
}

const actions = {
  Put(random, table, faults, to) {
    return { Item: wholeItem(random, table, faults * 0.5), ...conditional(random, faults, to) };
  },
  Update(random, table, faults, to) {
    const own = keysOf(table);
    const indexKeys = keyAttributes(table).filter(({ name }) => !own.some((each) => each.name === name));
    const UpdateExpression = updateExpression(to, own, indexKeys);
    return { Key: key(random, table, faults * 0.5), UpdateExpression, ...conditional(random, faults, to) };
  },
  Delete(random, table, faults, to) {
    return { Key: key(random, table, faults * 0.5), ...conditional(random, faults, to) };
  },
  ConditionCheck(random, table, faults, to) {
    return { Key: key(random, table, faults * 0.5), ...conditional(random, faults, to, true) };
  },
};

function action(random, table, faults) {
  const to = new Placeholders(random, faults * 0.5);
  const kind = random.weighted([
    [5, "Put"],
    [6, "Update"],
    [2, "Delete"],
    [3, "ConditionCheck"],
  ]);
  return { [kind]: { TableName: table.name, ...actions[kind](random, table, faults, to), ...to.members() } };
}

/** The item an action is about; two about one are refused, which says little about them. */
function subject(element) {
  const [{ TableName, Item, Key }] = Object.values(element);
  return JSON.stringify([TableName, Item?.pk ?? Key?.pk, Item?.sk ?? Key?.sk]);
}

function different(random, faults, made) {
  const seen = new Set();
  return made.filter((element) => random.chance(faults * 0.1) || !(seen.has(subject(element)) || !seen.add(subject(element))));
}

function TransactWriteItems(random, table, faults, tables) {
  const count = size(random, faults);
  const made = Array.from({ length: count }, () => action(random, random.chance(70) ? table : random.pick(tables), faults));
  const TransactItems = count > MOST_ACTIONS ? made : different(random, faults, made);
  if (TransactItems.length > 0 && random.chance(faults * 0.2))
    random.pick([() => TransactItems.push({}), () => Object.assign(TransactItems[0], action(random, table, 0))])();
  const request = { TransactItems, ...capacity(random, faults) };
  if (random.chance(15)) request.ReturnItemCollectionMetrics = random.chance(faults) ? "BOGUS" : random.pick(["SIZE", "NONE"]);
  if (random.chance(faults * 0.2)) request.ClientRequestToken = random.pick(["x".repeat(37), TOKEN]);
  return request;
}

function TransactGetItems(random, table, faults, tables) {
  const made = Array.from({ length: size(random, faults) }, () => {
    const chosen = random.chance(70) ? table : random.pick(tables);
    const to = new Placeholders(random, faults * 0.5);
    const own = keysOf(chosen).map(({ name }) => name);
    const members = { TableName: chosen.name, Key: key(random, chosen, faults * 0.5) };
    if (random.chance(40)) members.ProjectionExpression = projectionExpression(to, own);
    const { ExpressionAttributeNames } = to.members();
    return { Get: { ...members, ...(ExpressionAttributeNames && { ExpressionAttributeNames }) } };
  });
  const TransactItems = made.length > MOST_ACTIONS ? made : different(random, faults, made);
  if (random.chance(faults * 0.1)) TransactItems.push({});
  return { TransactItems, ...capacity(random, faults) };
}

/** The makers with their weights in a run. */
export const transactionOperations = [
  [3, { operation: "TransactWriteItems", make: TransactWriteItems }],
  [1, { operation: "TransactGetItems", make: TransactGetItems }],
];
