/** The requests of the histories, each with what it does to a database and what it is answered there: the model the engine is held to. */
import type { Database } from "../../src/database.ts";

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
  const condition =
    expected === undefined
      ? {}
      : {
          ...(expected === null
            ? { ConditionExpression: "attribute_not_exists(P)" }
            : { ConditionExpression: "V = :e", ExpressionAttributeValues: { ":e": { S: expected } } }),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
        };
  const input = { TableName, Item: { ...keyOf(key), V: { S: value } }, ReturnValues: "ALL_OLD" as const, ...condition };
  return {
    told: `put ${key}=${value}${expected === undefined ? "" : ` if ${expected ?? "nothing"}`}`,
    ask: (client) => unlessRefused(client.execute("PutItem", input).then(({ Attributes }) => `over ${toldItem(Attributes)}`)),
    effect(state) {
      const old = state[key];
      if (expected !== undefined && old?.value !== (expected ?? undefined)) return { state, answer: `refused by ${textOfItem(old)}` };
      return { state: { ...state, [key]: { value } }, answer: `over ${textOfItem(old)}` };
    },
  };
}

/** Adds one to an item's counter and signs it. */
export function add(key: string, value: string): Operation {
  const input = {
    TableName,
    Key: keyOf(key),
    UpdateExpression: "SET V = :v ADD N :one",
    ExpressionAttributeValues: { ":v": { S: value }, ":one": { N: "1" } },
    ReturnValues: "ALL_NEW" as const,
  };
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

/** A request chosen by chance. `value` is one nobody has written; `known` are some that were. */
export function chosen(random: () => number, value: string, known: readonly string[]): Operation {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const key = pick(KEYS);
  const chance = random();
  if (chance < 0.2) return put(key, value);
  if (chance < 0.4) return put(key, value, known.length === 0 || random() < 0.4 ? null : pick(known));
  if (chance < 0.65) return add(key, value);
  if (chance < 0.73) return remove(key);
  if (chance < 0.87) return get(key);
  return query(pick(PARTITIONS));
}
