/**
 * Clients at once on the real engine, with single writes and transactions on the same few keys, while statements, commits and the device
 * under them fail by chance: everything anybody heard must be explained by one serial order, so that no update is lost and no transaction
 * half seen. A request that was refused must not have happened, one whose outcome is unknown may have; and the end of the
 * process, under strict durability a power loss, changes nothing.
 */
import { describe, expect, test } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import type { Database } from "../../src/database.ts";
import { RecordingFiles } from "../drivers/recording-file.ts";
import { seeded } from "../seeded.ts";
import type { StatementFault } from "./faulty-driver.ts";
import { type Call, contradiction } from "./linearizability.ts";
import {
  addAndPut,
  addOnce,
  chosen,
  definition,
  get,
  getAll,
  KEYS,
  type Known,
  type Operation,
  query,
  type State,
  textOf,
} from "./operations.ts";
import { type Ground, type RealEngine, startEngine } from "./real-engine.ts";

const grounds: [string, () => Ground][] = [
  ["in memory", () => "memory"],
  ["in files, strict", () => ({ files: new RecordingFiles(), durability: "strict" })],
  ["in files, relaxed", () => ({ files: new RecordingFiles(), durability: "relaxed" })],
];

const ROUNDS = Math.ceil(count("histories") / grounds.length);
const LIMIT_MS = 30_000 + ROUNDS * 5000;
const CLIENTS = 3;
/** Requests each client has out at once. */
const LANES = 3;
const REQUESTS_PER_LANE = 8;

/** Errors that say that the request has not happened: the engine's, and those of a database that could not be opened for it. */
const REFUSALS = new Set([...["StorageError", "QuotaExceededError", "DatabaseClosedError"], ...["OpenFailedError", "DatabaseBusyError"]]);
/** The error that leaves it open. */
const UNKNOWN = "CommitInDoubtError";

/** What was asked and heard of one engine, on one clock. */
class History {
  readonly calls: Call<State>[] = [];
  readonly refused: string[] = [];
  unknown = 0;
  #time = 0;

  async ask(client: Database, operation: Operation): Promise<void> {
    this.#time += 1;
    const invoked = this.#time;
    let answer: string | undefined;
    try {
      answer = await operation.ask(client);
    } catch (error) {
      const { name } = error as Error;
      if (REFUSALS.has(name)) {
        this.refused.push(operation.told);
        return;
      }
      if (name !== UNKNOWN) throw error;
      this.unknown += 1;
    }
    this.#time += 1;
    this.calls.push(callOf(operation, invoked, answer === undefined ? Number.POSITIVE_INFINITY : this.#time, answer));
  }
}

function callOf(operation: Operation, invoked: number, returned: number, answer: string | undefined): Call<State> {
  return {
    told: `${operation.told}: ${answer ?? "?"} [${invoked}, ${returned}]`,
    invoked,
    returned,
    apply(state) {
      const effect = operation.effect(state);
      return answer === undefined || effect.answer === answer ? effect.state : undefined;
    },
  };
}

/** Faults by chance, of everything under the engine, while they are on. */
class Chance {
  on = false;
  readonly #random: () => number;

  constructor(random: () => number, ground: Ground) {
    this.#random = random;
    if (ground === "memory") return;
    const { device } = ground.files;
    device.tears = true;
    device.fault = ({ call }) => {
      if (!this.on) return undefined;
      const chance = random();
      if (chance < 0.02) return "the device failed";
      return chance < 0.03 && call !== "flush" ? "full" : undefined;
    };
  }

  /** NOMEM, CONSTRAINT, BUSY or IOERR; on files a COMMIT may also fail after it has run. */
  statement(word: string, durable: boolean): StatementFault | undefined {
    // A rollback does not fail while the connection works.
    if (!this.on || word === "ROLLBACK") return undefined;
    const chance = this.#random();
    if (chance > (word === "COMMIT" ? 0.1 : 0.01)) return undefined;
    const codes = [7, 19, 5, 10];
    if (word === "COMMIT" && durable && chance < 0.04) return { code: chance < 0.02 ? 10 : 7, ran: true };
    return { code: codes[Math.floor(this.#random() * codes.length)]!, ran: false };
  }
}

/** All clients at work until each lane has made its requests. */
async function work(engine: RealEngine, history: History, random: () => number): Promise<void> {
  const known: Known = { values: [], tokens: [] };
  const lane = async (client: Database, name: string) => {
    for (let n = 0; n < REQUESTS_PER_LANE; n += 1) {
      // Some requests gather in one batch, some come while one is at work.
      if (random() < 0.4) await new Promise((resolve) => setImmediate(resolve));
      await history.ask(client, chosen(random, `${name}${n}`, known));
    }
  };
  const clients = Array.from({ length: CLIENTS }, () => engine.client());
  await Promise.all(
    clients.flatMap((client, c) => Array.from({ length: LANES }, (_lane, l) => lane(client, String.fromCharCode(97 + c * LANES + l)))),
  );
}

/** One round. Gives the history. */
async function round(ground: Ground, random: () => number): Promise<History> {
  const chance = new Chance(random, ground);
  const engine = await startEngine(ground, { faultOf: (word) => chance.statement(word, ground !== "memory") });
  const history = new History();
  await engine.client().execute("CreateTable", definition);
  chance.on = true;
  await work(engine, history, random);
  chance.on = false;
  await readAll(engine, history);
  if (ground !== "memory") {
    const { durability } = ground;
    const survivors = random();
    const files = ground.files.left((file) =>
      durability === "strict" ? file.afterPowerLoss(() => random() < survivors) : file.afterKill(),
    );
    const after = await startEngine({ files, durability });
    await readAll(after, history);
    await after.close();
  }
  await engine.close();
  return history;
}

/** Reads every key, in every way. */
async function readAll(engine: RealEngine, history: History): Promise<void> {
  const client = engine.client();
  for (const key of KEYS) await history.ask(client, get(key));
  for (const partition of ["p", "q"]) await history.ask(client, query(partition));
  await history.ask(client, getAll());
}

const check = ({ calls }: History) => contradiction(calls, {}, textOf);

describe.each(grounds)("%s", (told, ground) => {
  test(
    "whatever fails, what clients hear is serialisable",
    async () => {
      const random = seeded(seed + told.length);
      const sums = { heard: 0, refused: 0, unknown: 0 };
      for (let n = 0; n < ROUNDS; n += 1) {
        const history = await round(ground(), random);
        expect(check(history), `seed ${seed}, round ${n}; refused: ${history.refused.join(", ")}`).toBeUndefined();
        sums.heard += history.calls.length - history.unknown;
        sums.refused += history.refused.length;
        sums.unknown += history.unknown;
      }
      console.log(`histories ${told}, seed ${seed}: ${ROUNDS} rounds, ${JSON.stringify(sums)}`);
      expect(sums.refused, "the faults are felt").toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

describe("the check sees", () => {
  test("one answer changed", async () => {
    const random = seeded(seed);
    const history = await round("memory", random);
    expect(check(history)).toBeUndefined();
    const added = history.calls.findIndex(({ told }) => told.startsWith("get") || told.startsWith("add"));
    const { invoked, returned } = history.calls[added]!;
    history.calls[added] = callOf(get("p1"), invoked, returned, "never written/-");
    expect(check(history)).toBeDefined();
  });

  test("half a transaction", () => {
    const written = callOf(addAndPut("p1", "p2", "v", null), 1, 2, "all");
    const seen = (answer: string) => contradiction([written, callOf(getAll(), 3, 4, answer)], {}, textOf);
    expect(seen("v/1 v/- nothing nothing nothing nothing")).toBeUndefined();
    expect(seen("v/1 nothing nothing nothing nothing nothing")).toBeDefined();
    expect(seen("nothing v/- nothing nothing nothing nothing")).toBeDefined();
  });

  test("a token that was good twice", () => {
    const token = "p1-p2-v";
    const asked = [callOf(addOnce(token), 1, 2, "all"), callOf(addOnce(token), 3, 4, "all")];
    const seen = (answer: string) => contradiction([...asked, callOf(get("p1"), 5, 6, answer)], {}, textOf);
    expect(seen("v/1")).toBeUndefined();
    expect(seen("v/2")).toBeDefined();
  });

  test("a device that says it has flushed and has not", async () => {
    const files = new RecordingFiles();
    const engine = await startEngine({ files, durability: "strict" });
    await engine.client().execute("CreateTable", definition);
    files.device.lies = true;
    const history = new History();
    const random = seeded(seed);
    await work(engine, history, random);
    const after = await startEngine({ files: files.left((file) => file.afterPowerLoss(() => false)), durability: "strict" });
    await readAll(after, history);
    expect(check(history)).toBeDefined();
    await after.close();
    await engine.close();
  });
});
