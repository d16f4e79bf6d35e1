/** A page that does nothing but come to its first answer: `?database=NAME` in files, without it in memory. */
import { Dynatab } from "dynatab";
import { FIRST_REQUEST, type FirstAnswer } from "./first.ts";

const database = new URL(location.href).searchParams.get("database");

async function answer(): Promise<FirstAnswer> {
  const started = performance.now();
  const db = await Dynatab.open(database ?? "first", { persistence: database === null ? "memory" : "required" });
  await db.execute("CreateTable", {
    ...FIRST_REQUEST,
    AttributeDefinitions: [...FIRST_REQUEST.AttributeDefinitions],
    KeySchema: [...FIRST_REQUEST.KeySchema],
  });
  const answered = performance.now();
  await db.close();
  if (database !== null) await Dynatab.delete(database);
  // The page's clock began when its address was asked for.
  return { fromOpen: answered - started, fromStart: answered };
}

Object.assign(globalThis, { firstAnswer: answer() });
