/** The requests of the histories, each with what it does to a database and what it is answered there: the model the engine is held to. */
import type { Database } from "../../src/database.ts";
import type { Operations } from "../../src/generated/operations.ts";
import { TransactionCanceledException } from "../../src/service-errors.ts";

export const TableName = "Shared";
export const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    { AttributeName: "P", AttributeType: "S" as const },
    { AttributeName: "S", AttributeType: "S" as const },
  ],
  KeySchema: [
    { AttributeName: "P", KeyType: "HASH" as const },
    { AttributeName: "S", KeyType: "RANGE" as const },
  ],
};

const PARTITIONS = ["p", "q"];
const SORTS = ["1", "2", "3"];
/** The keys everybody works on: the partition and the sort key, a letter each. */
export const KEYS = PARTITIONS.flatMap((partition) => SORTS.map((sort) => partition + sort));

/** An item beside its key: the text that names its last writer, and a counter. */
interface Item {
  readonly value: string;
  readonly count?: number;
}

/** The items by key, and the tokens of the transactions that were done. */
export type State = Readonly<Record<string, Item>>;

const textOfItem = (item: Item | undefined) => (item === undefined ? "nothing" : `${item.value}/${item.count ?? "-"}`);

const textOfItems = (state: State) => KEYS.map((key) => textOfItem(state[key])).join(" ");
const placeOfToken = (token: string) => `token ${token}`;

/** Tells states apart. */
export const textOf = (state: State) =>
  [
    textOfItems(state),
    ...Object.keys(state)
      .filter((name) => name.length > 2)
      .sort(),
  ].join(" ");

/** What a request does in a state. */
export interface Effect {
  readonly state: State;
  readonly answer: string;
}

/** A request, and its part of the model. */
export interface Operation {
  readonly told: string;
  /** Asks the engine. Gives the answer as the model words it; rejects with what is no answer. */
  ask(client: Database): Promise<string>;
  effect(state: State): Effect;
}

type Attributes = Record<string, { S?: string | undefined; N?: string | undefined }>;

const keyOf = (key: string) => ({ P: { S: key[0]! }, S: { S: key[1]! } });

function itemOf(attributes: object | undefined): Item | undefined {
  if (attributes === undefined) return undefined;
  const { V, N } = attributes as Attributes;
  return { value: V?.S ?? "", ...(N?.N === undefined ? {} : { count: Number(N.N) }) };
}
const toldItem = (attributes: object | undefined) => textOfItem(itemOf(attributes));

function without(state: State, key: string): State {
  const { [key]: _gone, ...rest } = state;
  return rest;
}

/** A condition on the value of the item that is there; `null`: on there being none. */
function conditionOn(expected: string | null) {
  if (expected === null) return { ConditionExpression: "attribute_not_exists(P)" };
  return { ConditionExpression: "V = :e", ExpressionAttributeValues: { ":e": { S: expected } } };
}
const holds = (expected: string | null, item: Item | undefined) => item?.value === (expected ?? undefined);

/** The answer, or the item that made the condition fail. */
async function unlessRefused(asked: Promise<string>): Promise<string> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    return `refused by ${toldItem((error as { Item?: object }).Item)}`;
  }
}

/** Writes an item over whatever there is, or only over an item with the value `expected` (`null`: over none). */
export function put(key: string, value: string, expected?: string | null): Operation {
  const condition = expected === undefined ? {} : { ...conditionOn(expected), ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
  const input = { TableName, Item: { ...keyOf(key), V: { S: value } }, ReturnValues: "ALL_OLD" as const, ...condition };
  return {
    told: `put ${key}=${value}${expected === undefined ? "" : ` if ${expected ?? "nothing"}`}`,
    ask: (client) => unlessRefused(client.execute("PutItem", input).then(({ Attributes }) => `over ${toldItem(Attributes)}`)),
    effect(state) {
      const old = state[key];
      if (expected !== undefined && !holds(expected, old)) return { state, answer: `refused by ${textOfItem(old)}` };
      return { state: { ...state, [key]: { value } }, answer: `over ${textOfItem(old)}` };
    },
  };
}

const addition = (key: string, value: string) => ({
  TableName,
  Key: keyOf(key),
  UpdateExpression: "SET V = :v ADD N :one",
  ExpressionAttributeValues: { ":v": { S: value }, ":one": { N: "1" } },
});

/** Adds one to an item's counter and signs it. */
export function add(key: string, value: string): Operation {
  const input = { ...addition(key, value), ReturnValues: "ALL_NEW" as const };
  return {
    told: `add ${key}=${value}`,
    ask: (client) => client.execute("UpdateItem", input).then(({ Attributes }) => toldItem(Attributes)),
    effect(state) {
      const item = { value, count: (state[key]?.count ?? 0) + 1 };
      return { state: { ...state, [key]: item }, answer: textOfItem(item) };
    },
  };
}

export function remove(key: string): Operation {
  const input = { TableName, Key: keyOf(key), ReturnValues: "ALL_OLD" as const };
  return {
    told: `remove ${key}`,
    ask: (client) => client.execute("DeleteItem", input).then(({ Attributes }) => `was ${toldItem(Attributes)}`),
    effect: (state) => ({ state: without(state, key), answer: `was ${textOfItem(state[key])}` }),
  };
}

export function get(key: string): Operation {
  const input = { TableName, Key: keyOf(key), ConsistentRead: true };
  return {
    told: `get ${key}`,
    ask: (client) => client.execute("GetItem", input).then(({ Item }) => toldItem(Item)),
    effect: (state) => ({ state, answer: textOfItem(state[key]) }),
  };
}

/** Reads all items of a partition at once. */
export function query(partition: string): Operation {
  const input = {
    TableName,
    KeyConditionExpression: "P = :p",
    ExpressionAttributeValues: { ":p": { S: partition } },
    ConsistentRead: true,
  };
  const word = (key: string, item: Item | undefined) => (item === undefined ? [] : [`${key} ${textOfItem(item)}`]);
  return {
    told: `query ${partition}`,
    ask: (client) =>
      client
        .execute("Query", input)
        .then(({ Items }) => (Items ?? []).flatMap((found) => word(`${found.P?.S}${found.S?.S}`, itemOf(found))).join(", ")),
    effect: (state) => ({ state, answer: SORTS.flatMap((sort) => word(partition + sort, state[partition + sort])).join(", ") }),
  };
}

type Actions = NonNullable<Operations["TransactWriteItems"]["input"]["TransactItems"]>;

/** Writes all or nothing; the answer to what is canceled says of each action why, and what item was in its way. */
async function transactWrite(client: Database, TransactItems: Actions, ClientRequestToken?: string): Promise<string> {
  try {
    await client.execute("TransactWriteItems", { TransactItems, ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }) });
    return "all";
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return canceled(error.CancellationReasons?.map(({ Code, Item }) => (Code === "None" ? undefined : toldItem(Item))) ?? []);
  }
}

/** The answer to a transaction of which some actions find items (`nothing` among them) that they do not want. */
const canceled = (found: readonly (string | undefined)[]) => `canceled: ${found.map((item) => item ?? "None").join(", ")}`;

const shownOnFailure = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };

/** Adds to one item and writes another if a condition on it holds: both or neither. */
export function addAndPut(added: string, written: string, value: string, expected: string | null): Operation {
  const Put = { TableName, Item: { ...keyOf(written), V: { S: value } }, ...conditionOn(expected), ...shownOnFailure };
  return {
    told: `add ${added}=${value} and put ${written}=${value} if ${expected ?? "nothing"}`,
    ask: (client) => transactWrite(client, [{ Update: addition(added, value) }, { Put }]),
    effect(state) {
      if (!holds(expected, state[written])) return { state, answer: canceled([undefined, textOfItem(state[written])]) };
      return { state: { ...state, [added]: signed(state, added, value, 1), [written]: { value } }, answer: "all" };
    },
  };
}

const signed = (state: State, key: string, value: string, by: number) => ({ value, count: (state[key]?.count ?? 0) + by });

/** Takes one from a counter that has one and adds it to another: what all of them hold together stays. */
export function move(from: string, to: string, value: string): Operation {
  const Update = {
    ...addition(from, value),
    UpdateExpression: "SET V = :v ADD N :minus",
    ConditionExpression: "N >= :one",
    ExpressionAttributeValues: { ":v": { S: value }, ":minus": { N: "-1" }, ":one": { N: "1" } },
    ...shownOnFailure,
  };
  return {
    told: `move ${from} to ${to}=${value}`,
    ask: (client) => transactWrite(client, [{ Update }, { Update: addition(to, value) }]),
    effect(state) {
      if (!((state[from]?.count ?? 0) >= 1)) return { state, answer: canceled([textOfItem(state[from]), undefined]) };
      return { state: { ...state, [from]: signed(state, from, value, -1), [to]: signed(state, to, value, 1) }, answer: "all" };
    },
  };
}

/** Writes one item and removes another if a third one is as expected. */
export function replaceIf(checked: string, written: string, removed: string, value: string, expected: string | null): Operation {
  const actions: Actions = [
    { ConditionCheck: { TableName, Key: keyOf(checked), ...conditionOn(expected), ...shownOnFailure } },
    { Put: { TableName, Item: { ...keyOf(written), V: { S: value } } } },
    { Delete: { TableName, Key: keyOf(removed) } },
  ];
  return {
    told: `put ${written}=${value} and remove ${removed} if ${checked} is ${expected ?? "nothing"}`,
    ask: (client) => transactWrite(client, actions),
    effect(state) {
      if (!holds(expected, state[checked])) return { state, answer: canceled([textOfItem(state[checked]), undefined, undefined]) };
      return { state: { ...without(state, removed), [written]: { value } }, answer: "all" };
    },
  };
}

/** Adds to the items of the token's two keys, once however often it is asked for. */
export function addOnce(token: string): Operation {
  const [one, two, value] = token.split("-") as [string, string, string];
  return {
    told: `add once ${token}`,
    ask: (client) => transactWrite(client, [{ Update: addition(one, value) }, { Update: addition(two, value) }], token),
    effect(state) {
      if (state[placeOfToken(token)]) return { state, answer: "all" };
      const done = { [one]: signed(state, one, value, 1), [two]: signed(state, two, value, 1) };
      return { state: { ...state, ...done, [placeOfToken(token)]: { value } }, answer: "all" };
    },
  };
}

/** Reads every key at once. */
export function getAll(): Operation {
  const input = { TransactItems: KEYS.map((key) => ({ Get: { TableName, Key: keyOf(key) } })) };
  return {
    told: "get all",
    ask: (client) =>
      client.execute("TransactGetItems", input).then(({ Responses }) => (Responses ?? []).map(({ Item }) => toldItem(Item)).join(" ")),
    effect: (state) => ({ state, answer: textOfItems(state) }),
  };
}

/** What the requests of a history have written so far, so that later ones can be about it. */
export interface Known {
  readonly values: string[];
  readonly tokens: string[];
}

/** A request chosen by chance. `value` is one nobody has written. */
export function chosen(random: () => number, value: string, known: Known): Operation {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const keys = [...KEYS].sort(() => random() - 0.5);
  const [key, other, third] = keys as [string, string, string];
  const chance = random();
  const recent = known.values.slice(-6);
  const expected = recent.length === 0 || random() < 0.4 ? null : pick(recent);
  known.values.push(value);
  if (chance < 0.14) return put(key, value);
  if (chance < 0.26) return put(key, value, expected);
  if (chance < 0.4) return add(key, value);
  if (chance < 0.5) return addAndPut(key, other, value, expected);
  if (chance < 0.6) return move(key, other, value);
  if (chance < 0.66) return replaceIf(key, other, third, value, expected);
  if (chance < 0.76) {
    if (known.tokens.length === 0 || random() < 0.6) known.tokens.push(`${key}-${other}-${value}`);
    return addOnce(pick(known.tokens.slice(-3)));
  }
  if (chance < 0.82) return remove(key);
  if (chance < 0.88) return get(key);
  if (chance < 0.94) return query(pick(PARTITIONS));
  return getAll();
}
