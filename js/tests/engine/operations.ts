/** The requests of the histories, each with what it does to a database and what it is answered there: the model the engine is held to. */
import type { Database } from "../../src/database.ts";
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

/** The items by key. */
export type State = Readonly<Record<string, Item>>;

const textOfItem = (item: Item | undefined) => (item === undefined ? "nothing" : `${item.value}/${item.count ?? "-"}`);

/** Tells states apart. */
export const textOf = (state: State) => KEYS.map((key) => textOfItem(state[key])).join(" ");

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

/** Adds to one item and writes another if a condition on it holds: both or neither. */
export function addAndPut(added: string, written: string, value: string, expected: string | null): Operation {
  const Put = { TableName, Item: { ...keyOf(written), V: { S: value } }, ...conditionOn(expected) };
  const canceled = "canceled: None, ConditionalCheckFailed";
  return {
    told: `add ${added}=${value} and put ${written}=${value} if ${expected ?? "nothing"}`,
    async ask(client) {
      try {
        await client.execute("TransactWriteItems", { TransactItems: [{ Update: addition(added, value) }, { Put }] });
        return "both";
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        return `canceled: ${error.CancellationReasons?.map(({ Code }) => Code).join(", ")}`;
      }
    },
    effect(state) {
      if (!holds(expected, state[written])) return { state, answer: canceled };
      return { state: { ...add(added, value).effect(state).state, [written]: { value } }, answer: "both" };
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
    effect: (state) => ({ state, answer: textOf(state) }),
  };
}

/** A request chosen by chance. `value` is one nobody has written; `known` are some that were. */
export function chosen(random: () => number, value: string, known: readonly string[]): Operation {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const key = pick(KEYS);
  const chance = random();
  const expected = known.length === 0 || random() < 0.4 ? null : pick(known);
  if (chance < 0.2) return put(key, value);
  if (chance < 0.35) return put(key, value, expected);
  if (chance < 0.55) return add(key, value);
  if (chance < 0.65) return addAndPut(key, pick(KEYS.filter((other) => other !== key)), value, expected);
  if (chance < 0.73) return remove(key);
  if (chance < 0.85) return get(key);
  if (chance < 0.93) return query(pick(PARTITIONS));
  return getAll();
}
