/**
 * One run: the same requests to both sides, the answers compared, and the two kept in step, so that a difference is reported where it
 * arises and not again with everything that follows from it.
 */
import { difference, isUnordered } from "./comparison.mjs";
import { controlOperations } from "./control-requests.mjs";
import { itemOperations } from "./item-requests.mjs";
import { spoil } from "./mistakes.mjs";
import { StreamPlaces, streamedDefinition, streamedTables, streamRequest } from "./stream-requests.mjs";
import { madeTables, NO_TABLE, plainDefinition, tableOperations } from "./table-requests.mjs";
import { definition, keysOf, tables } from "./tables.mjs";
import { transactionOperations } from "./transaction-requests.mjs";

/** What a run may ask for, with its weight in one that asks for everything. */
const AREAS = {
  items: { weight: 80, ofItems: itemOperations },
  transactions: { weight: 10, ofItems: transactionOperations },
  tables: { weight: 8, ofTables: tableOperations },
  control: { weight: 8, ofTables: [...controlOperations, [4, tableOperations[0][1]]] },
  streams: { weight: 6 },
};

/** The areas' names. */
export const areas = Object.keys(AREAS);

const WRITES = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"]);
const MOST_PAGES = 500;

export class Session {
  #sides;
  #random;
  #report;
  #areas;
  #places;
  requests = 0;

  /** `sides` are dynatab and the reference server, in this order; `report` is told each difference. */
  constructor(sides, random, report, asked = areas) {
    this.#sides = sides;
    this.#random = random;
    this.#report = report;
    this.#areas = asked.map((name) => [AREAS[name].weight, AREAS[name]]);
    this.#places = sides.map((side) => new StreamPlaces(side));
  }

  /** Makes the tables, in the place of what is there. */
  async prepare() {
    for (const side of this.#sides) {
      const { TableNames } = await side.call("ListTables", {});
      for (const TableName of TableNames) {
        await side.drop(TableName);
      }
      for (const table of tables) {
        await side.call("CreateTable", definition(table));
        await side.settled(table.name);
      }
      for (const request of [...streamedTables.map(streamedDefinition), ...madeTables.map(plainDefinition)]) {
        await side.call("CreateTable", request);
        await side.settled(request.TableName);
      }
    }
  }

  /** Makes one request, sends it to both sides and compares. */
  async step() {
    const random = this.#random;
    const faults = random.weighted([
      [55, 0],
      [30, 12],
      [15, 35],
    ]);
    const { ofItems, ofTables } = random.weighted(this.#areas);
    if (!ofItems && !ofTables) return this.#compareStreams(faults);
    const table = random.pick(tables);
    const { operation, make } = random.weighted(ofItems ?? ofTables);
    const request = structuredClone(ofItems ? make(random, table, faults, tables) : make(random, faults));
    if (random.chance(faults * 0.6)) spoil(random, request);
    const alike = await this.compare(operation, request);
    if (ofTables) await this.#keepTablesInStep(alike);
  }

  /** Asks both sides about their streams, each in its own words. */
  async #compareStreams(faults) {
    const { table, operation, request } = streamRequest(this.#random, faults, this.requests);
    const [ours, theirs] = await Promise.all(
      this.#sides.map(async (side, at) => {
        const asked = await this.#places[at].resolved(table, request);
        return side.ask(operation, JSON.stringify(asked));
      }),
    );
    // What only one side goes on from would set the two apart.
    if (ours.status === theirs.status) {
      await this.#places[0].heard(table, ours);
      await this.#places[1].heard(table, theirs);
    }
    this.requests += 1;
    const found = difference(operation, request, ours, theirs);
    if (found) this.#report(found);
  }

  /** Sends one request to both sides; a paged read whose pages have no promised order is compared as a whole. */
  async compare(operation, request) {
    const whole =
      isUnordered(operation, request) &&
      (request.Limit !== undefined || request.Segment !== undefined || request.ExclusiveStartKey !== undefined);
    const [ours, theirs] = await Promise.all(
      this.#sides.map((side) => (whole ? walk(side, operation, request) : side.ask(operation, JSON.stringify(request)))),
    );
    this.requests += 1;
    const found = difference(operation, request, ours, theirs);
    if (found) this.#report(found);
    const alike = found === undefined;
    if (WRITES.has(operation) && (ours.status === 200 || theirs.status === 200)) await this.#keepItemsInStep(operation, request, alike);
    return alike;
  }

  /** Looks whether both sides hold the same items after a write; items that differ are written again. */
  async #keepItemsInStep(operation, request, alike) {
    const named = namedTables(request);
    for (const table of tables.filter(({ name }) => named.includes(name))) {
      const [mine, other] = await Promise.all(this.#sides.map((side) => this.#byKey(side, table)));
      const differing = [...new Set([...mine.keys(), ...other.keys()])].filter((key) =>
        difference("GetItem", {}, answer(mine.get(key)), answer(other.get(key))),
      );
      if (alike && differing.length > 0) {
        const items = (from) => answer({ Items: differing.map((key) => from.get(key)) });
        const found = difference(operation, request, items(mine), items(other));
        this.#report({ ...found, kind: `${found.kind} (the items after it)` });
      }
      for (const key of differing) await this.#writeAgain(table, JSON.parse(key), mine.get(key));
    }
  }

  async #byKey(side, table) {
    const items = await side.items(table.name);
    const names = keysOf(table).map(({ name }) => name);
    return new Map(items.map((item) => [JSON.stringify(Object.fromEntries(names.map((name) => [name, item[name]]))), item]));
  }

  /** Brings one item of the reference server to what dynatab holds; an item it does not take is deleted on both sides. */
  async #writeAgain(table, Key, item) {
    const TableName = table.name;
    const [, reference] = this.#sides;
    if (item && (await reference.ask("PutItem", JSON.stringify({ TableName, Item: item }))).status === 200) return;
    for (const side of this.#sides) await side.ask("DeleteItem", JSON.stringify({ TableName, Key }));
  }

  /** Tables change in the background: waits for both sides, and takes away what is not the same on both. */
  async #keepTablesInStep(alike) {
    for (const side of this.#sides) if (await side.settled(NO_TABLE)) await side.drop(NO_TABLE);
    for (const TableName of madeTables) {
      const described = await Promise.all(this.#sides.map((side) => side.settled(TableName)));
      const [ours, theirs] = described.map((Table) => answer({ Table }));
      const same = described.every(Boolean) ? alike || !difference("DescribeTable", {}, ours, theirs) : !described.some(Boolean);
      if (same) continue;
      for (const [at, side] of this.#sides.entries()) {
        if (described[at]) await side.drop(TableName);
        await side.call("CreateTable", plainDefinition(TableName));
        await side.settled(TableName);
      }
    }
  }
}

/** The tables a write is about. */
const namedTables = ({ TableName, RequestItems, TransactItems }) => [
  TableName,
  ...Object.keys(RequestItems ?? {}),
  ...(Array.isArray(TransactItems) ? TransactItems : []).flatMap((element) =>
    Object.values(element ?? {}).map((action) => action?.TableName),
  ),
];

const answer = (body) => ({ status: 200, body: body ?? {} });

/** All pages of a read (of all segments, where it names one) as one answer; the first error where there is one. */
async function walk(side, operation, request) {
  const whole = { Items: [], Count: 0, ScannedCount: 0 };
  const segments =
    Number.isInteger(request.Segment) &&
    request.TotalSegments > 0 &&
    request.TotalSegments <= 8 &&
    request.Segment < request.TotalSegments &&
    request.Segment >= 0;
  for (let segment = 0; segment < (segments ? request.TotalSegments : 1); segment += 1) {
    let from = request.ExclusiveStartKey;
    let pages = 0;
    do {
      const page = { ...request, ...(segments && { Segment: segment }), ...(from !== undefined && { ExclusiveStartKey: from }) };
      const { status, body } = await side.ask(operation, JSON.stringify(page));
      if (status !== 200) return { status, body };
      if (request.ExclusiveStartKey !== undefined) return answer();
      if (typeof body.Count !== "number" || typeof body.ScannedCount !== "number") return { status, body };
      whole.Items.push(...(body.Items ?? []));
      whole.Count += body.Count;
      whole.ScannedCount += body.ScannedCount;
      from = body.LastEvaluatedKey;
    } while (from && (pages += 1) < MOST_PAGES);
  }
  return answer(whole);
}
