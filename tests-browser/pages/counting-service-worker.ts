/** A service worker that answers what its pages fetch under `api/`: a counter in the database that the tabs have open. */
import { Dynatab, type OpenOptions } from "dynatab/service-worker";
import { outcome } from "./expose.ts";

const scope = globalThis as unknown as ServiceWorkerGlobalScope;
const TableName = "Counters";
const Key = { Id: { S: "counter" } };

/** The databases that were opened here, by name: as a service worker does, each is opened when it is first needed. */
const opened = new Map<string, Promise<Dynatab>>();

function database(name: string, options: OpenOptions): Promise<Dynatab> {
  let db = opened.get(name);
  if (!db) {
    db = Dynatab.open(name, options);
    opened.set(name, db);
    db.catch(() => opened.delete(name));
  }
  return db;
}

/** Counts up, and reads what there is then. */
async function count(db: Dynatab): Promise<number> {
  const UpdateExpression = "ADD Amount :one";
  await db.execute("UpdateItem", { TableName, Key, UpdateExpression, ExpressionAttributeValues: { ":one": { N: "1" } } });
  const { Item } = await db.execute("GetItem", { TableName, Key, ConsistentRead: true });
  return Number(Item?.Amount?.N);
}

const doors: Record<string, (db: Dynatab) => Promise<unknown>> = {
  open: async ({ persistence, persistenceReason }) => ({ persistence, persistenceReason }),
  count,
  tables: async (db) => (await db.execute("ListTables", {})).TableNames,
  dump: async (db) => (await db.dump()).size,
};

scope.addEventListener("install", () => void scope.skipWaiting());
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("fetch", (event) => {
  const { pathname, searchParams } = new URL(event.request.url);
  const door = /\/api\/(\w+)$/.exec(pathname)?.[1];
  if (door === undefined) return;
  const options = JSON.parse(searchParams.get("options") ?? "{}") as OpenOptions;
  const answer = database(searchParams.get("name")!, options).then(doors[door]!);
  event.respondWith(outcome(answer).then((told) => Response.json(told)));
});
