/** Requests of the item operations, lawful ones and such with mistakes. Each maker takes the table, and how many of a hundred decisions go wrong. */
import { conditionExpression, keyConditionExpression, projectionExpression } from "./expressions.mjs";
import { attributesToGet, attributeUpdates, expected, keyConditions, legacyFilter } from "./legacy-parameters.mjs";
import { Placeholders } from "./placeholders.mjs";
import { keyAttributes, keysOf } from "./tables.mjs";
import { updateExpression } from "./update-expressions.mjs";
import { badKeyValue, badValue, item, keyValue, primaryKey } from "./values.mjs";

const RETURN_VALUES = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];

/** Members any request may have. */
export function capacity(random, faults) {
  if (random.chance(faults * 0.15)) return { ReturnConsumedCapacity: random.pick(["BOGUS", "", "total"]) };
  return random.chance(25) ? { ReturnConsumedCapacity: random.pick(["NONE", "TOTAL", "INDEXES"]) } : {};
}

/** Members any write may have. */
function writeMembers(random, faults, returnValues) {
  const members = capacity(random, faults);
  if (random.chance(40)) members.ReturnValues = random.pick(random.chance(faults) ? [...RETURN_VALUES, "BOGUS", ""] : returnValues);
  if (random.chance(15)) members.ReturnItemCollectionMetrics = random.chance(faults) ? "BOGUS" : random.pick(["SIZE", "NONE"]);
  if (random.chance(15)) members.ReturnValuesOnConditionCheckFailure = random.chance(faults) ? "BOGUS" : random.pick(["ALL_OLD", "NONE"]);
  return members;
}

/** A key, spoilt now and then. */
export function key(random, table, faults) {
  const made = primaryKey(random, table);
  if (!random.chance(faults * 0.5)) return made;
  const name = random.pick(Object.keys(made));
  const { type } = keysOf(table).find((each) => each.name === name);
  random.pick([
    () => delete made[name],
    () => (made.extra = { S: "a" }),
    () => (made[name] = badKeyValue(random, type)),
    () => (made[name] = badKeyValue(random, type)),
    () => delete made[name] && (made.other = { S: "a" }),
  ])();
  return made;
}

export function wholeItem(random, table, faults) {
  const made = item(random, table);
  if (!random.chance(faults)) return made;
  const { name, type } = random.pick(keyAttributes(table));
  random.pick([
    () => delete made[name],
    () => (made[name] = badKeyValue(random, type)),
    () => (made.a = badValue(random)),
    () => (made.a = badValue(random)),
    () => (made[""] = { S: "a" }),
    () => Object.assign(made, { a: badValue(random), [name]: badKeyValue(random, type) }),
  ])();
  return made;
}

/** A condition in either style, or both as a mistake. */
function condition(random, faults, to) {
  const members = {};
  const way = random.weighted([
    [5, "none"],
    [5, "expression"],
    [2, "legacy"],
    [faults / 50, "both"],
  ]);
  if (way === "expression" || way === "both") members.ConditionExpression = conditionExpression(to);
  if (way === "legacy" || way === "both") Object.assign(members, expected(random, faults));
  return members;
}

function PutItem(random, table, faults) {
  const to = new Placeholders(random, faults);
  return {
    TableName: table.name,
    Item: wholeItem(random, table, faults),
    ...condition(random, faults, to),
    ...to.members(),
    ...writeMembers(random, faults, ["NONE", "ALL_OLD"]),
  };
}

function DeleteItem(random, table, faults) {
  const to = new Placeholders(random, faults);
  return {
    TableName: table.name,
    Key: key(random, table, faults),
    ...condition(random, faults, to),
    ...to.members(),
    ...writeMembers(random, faults, ["NONE", "ALL_OLD"]),
  };
}

function UpdateItem(random, table, faults) {
  const to = new Placeholders(random, faults);
  const indexKeys = keyAttributes(table).filter(({ name }) => !keysOf(table).some((each) => each.name === name));
  const way = random.weighted([
    [10, "expression"],
    [2, "legacy"],
    [1, "none"],
    [faults / 40, "both"],
  ]);
  const members = { TableName: table.name, Key: key(random, table, faults) };
  if (way === "expression" || way === "both") members.UpdateExpression = updateExpression(to, keysOf(table), indexKeys);
  if (way === "legacy" || way === "both") Object.assign(members, attributeUpdates(random, faults, keysOf(table)));
  if (way === "legacy" ? random.chance(50) : true)
    Object.assign(members, way === "legacy" ? expected(random, faults) : condition(random, faults, to));
  return { ...members, ...to.members(), ...writeMembers(random, faults, RETURN_VALUES) };
}

function projection(random, faults, to, keys = []) {
  const members = {};
  const way = random.weighted([
    [5, "none"],
    [5, "expression"],
    [1, "legacy"],
    [faults / 50, "both"],
  ]);
  if (way === "expression" || way === "both") members.ProjectionExpression = projectionExpression(to, keys);
  if (way === "legacy" || way === "both") Object.assign(members, attributesToGet(random, faults));
  return members;
}

/** The members a projection may come with: values have no place there. */
function projectionOnly(to) {
  const { ExpressionAttributeNames } = to.members();
  return ExpressionAttributeNames ? { ExpressionAttributeNames } : {};
}

const consistent = (random) => (random.chance(40) ? { ConsistentRead: random.chance(70) } : {});

function GetItem(random, table, faults) {
  const to = new Placeholders(random, faults);
  return {
    TableName: table.name,
    Key: key(random, table, faults),
    ...projection(
      random,
      faults,
      to,
      keysOf(table).map(({ name }) => name),
    ),
    ...projectionOnly(to),
    ...consistent(random),
    ...capacity(random, faults),
  };
}

/** Which of what is projected a read asks for. */
function select(random, faults, projected, index) {
  if (random.chance(faults * 0.4))
    return { Select: random.pick(["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "COUNT", "SPECIFIC_ATTRIBUTES", "BOGUS"]) };
  if (!random.chance(25)) return {};
  if (projected) return { Select: "SPECIFIC_ATTRIBUTES" };
  return { Select: random.pick(["COUNT", "ALL_ATTRIBUTES", ...(index ? ["ALL_PROJECTED_ATTRIBUTES"] : [])]) };
}

function startingKey(random, on, table, faults) {
  const key = {};
  for (const { name, type } of [...keysOf(table), ...keysOf(on)]) key[name] = keyValue(random, type);
  if (random.chance(faults)) {
    const name = random.pick(Object.keys(key));
    const { type } = keyAttributes(table).find((each) => each.name === name);
    random.pick([() => delete key[name], () => (key.extra = { S: "a" }), () => (key[name] = badKeyValue(random, type))])();
  }
  return key;
}

function readMembers(random, table, on, faults) {
  const members = { ...capacity(random, faults) };
  if (on !== table) members.IndexName = on.name;
  if (random.chance(faults * 0.15)) members.IndexName = random.pick(["no-such-index", "a", ""]);
  if (random.chance(20) && (on.kind !== "global" || random.chance(faults))) members.ConsistentRead = random.chance(70);
  if (random.chance(25)) members.Limit = random.chance(faults) ? random.pick([0, -1, 2147483648]) : random.between(1, 10);
  return members;
}

function Query(random, table, faults) {
  const to = new Placeholders(random, faults);
  const on = random.pick([table, table, ...table.indexes]);
  const legacy = random.chance(15);
  const members = { TableName: table.name, ...readMembers(random, table, on, faults) };
  if (legacy) Object.assign(members, keyConditions(random, faults, on));
  if (!legacy || random.chance(faults * 0.2)) members.KeyConditionExpression = keyConditionExpression(to, on);
  if (legacy && random.chance(30)) Object.assign(members, legacyFilter(random, faults, "QueryFilter"));
  if (legacy ? random.chance(faults * 0.2) : random.chance(35)) members.FilterExpression = conditionExpression(to);
  const projected = legacy ? (random.chance(30) ? attributesToGet(random, faults) : {}) : projection(random, faults, to);
  Object.assign(members, projected, select(random, faults, Object.keys(projected).length > 0, on !== table), to.members());
  if (random.chance(35)) members.ScanIndexForward = random.chance(50);
  if (random.chance(12)) members.ExclusiveStartKey = startingKey(random, on, table, faults);
  if (random.chance(faults * 0.05)) delete members.KeyConditionExpression;
  return members;
}

function segments(random, faults) {
  if (random.chance(faults * 0.4)) {
    return random.pick([
      { Segment: 0 },
      { TotalSegments: 2 },
      { Segment: 4, TotalSegments: 4 },
      { Segment: -1, TotalSegments: 2 },
      { Segment: 0, TotalSegments: 0 },
      { Segment: 0, TotalSegments: 1000001 },
      { Segment: 1000000, TotalSegments: 1000000 },
    ]);
  }
  const total = random.between(1, 4);
  return random.chance(25) ? { Segment: random.between(0, total - 1), TotalSegments: total } : {};
}

function Scan(random, table, faults) {
  const to = new Placeholders(random, faults);
  const on = random.pick([table, table, ...table.indexes]);
  const members = { TableName: table.name, ...readMembers(random, table, on, faults), ...segments(random, faults) };
  const legacy = random.chance(15);
  if (legacy) Object.assign(members, legacyFilter(random, faults, "ScanFilter"));
  if (legacy ? random.chance(faults * 0.2) : random.chance(45)) members.FilterExpression = conditionExpression(to);
  const projected = legacy ? (random.chance(30) ? attributesToGet(random, faults) : {}) : projection(random, faults, to);
  Object.assign(members, projected, select(random, faults, Object.keys(projected).length > 0, on !== table), to.members());
  if (random.chance(faults * 0.3)) members.ExclusiveStartKey = startingKey(random, on, table, faults);
  return members;
}

/** The keys (or items) of one table in a batch: different ones, unless a mistake is wanted. */
function different(random, faults, count, make) {
  const made = Array.from({ length: count }, make);
  const seen = new Set();
  return made.filter((each) => random.chance(faults * 0.2) || !(seen.has(JSON.stringify(each)) || !seen.add(JSON.stringify(each))));
}

const batchSize = (random, faults, most) => (random.chance(faults * 0.2) ? random.pick([0, most + 1, most]) : random.between(1, 6));

function BatchGetItem(random, table, faults, tables) {
  const RequestItems = {};
  for (const each of new Set([table, ...random.some(tables, random.between(0, 2))])) {
    const to = new Placeholders(random, faults);
    const count = batchSize(random, faults, 100);
    // More keys than the pools have: numbered ones.
    const numbered = (position) => (count > 6 ? { S: `k${position}` } : undefined);
    let position = 0;
    const Keys = different(random, faults, count, () => {
      const made = key(random, each, faults * 0.3);
      position += 1;
      return each.hash[0].type === "S" && numbered(position) ? { ...made, [each.hash[0].name]: numbered(position) } : made;
    });
    RequestItems[each.name] = {
      Keys,
      ...projection(
        random,
        faults,
        to,
        keysOf(each).map(({ name }) => name),
      ),
      ...projectionOnly(to),
      ...consistent(random),
    };
  }
  return { RequestItems, ...capacity(random, faults) };
}

function BatchWriteItem(random, table, faults, tables) {
  const RequestItems = {};
  for (const each of new Set([table, ...random.some(tables, random.between(0, 1))])) {
    const keys = different(random, faults, batchSize(random, faults, 25), () => primaryKey(random, each));
    RequestItems[each.name] = keys.map((chosen) => {
      if (random.chance(faults * 0.2))
        return random.pick([
          {},
          { PutRequest: {} },
          { DeleteRequest: {} },
          { PutRequest: { Item: chosen }, DeleteRequest: { Key: chosen } },
          { PutRequest: null },
        ]);
      if (random.chance(25)) return { DeleteRequest: { Key: random.chance(faults * 0.5) ? key(random, each, faults) : chosen } };
      return { PutRequest: { Item: { ...wholeItem(random, each, faults * 0.4), ...(random.chance(100 - faults * 0.3) ? chosen : {}) } } };
    });
  }
  return {
    RequestItems,
    ...capacity(random, faults),
    ...(random.chance(15) ? { ReturnItemCollectionMetrics: random.chance(faults) ? "BOGUS" : "SIZE" } : {}),
  };
}

/** The makers with their weights in a run. */
export const itemOperations = [
  [18, { operation: "PutItem", make: PutItem }],
  [16, { operation: "UpdateItem", make: UpdateItem }],
  [5, { operation: "DeleteItem", make: DeleteItem }],
  [9, { operation: "GetItem", make: GetItem }],
  [20, { operation: "Query", make: Query }],
  [14, { operation: "Scan", make: Scan }],
  [6, { operation: "BatchGetItem", make: BatchGetItem }],
  [7, { operation: "BatchWriteItem", make: BatchWriteItem }],
];
