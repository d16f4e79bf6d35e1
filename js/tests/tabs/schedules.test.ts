/**
 * Tabs that lead, follow, close, crash, stall and freeze in schedules drawn from a seed. However it goes, every call of a tab that lives has an
 * outcome, and no request is applied twice. `tabSchedules` of scripts/counts.json says how many.
 */
import { expect, test } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import type { LeaderUnresponsiveError } from "../../src/errors.ts";
import { SimulatedTab, Site } from "./simulated-tab.ts";
import { World } from "./world.ts";

const PATIENCE = 400;
const TROUBLE_ENDS = 4000;
const EVERYTHING_ENDS = 60_000;

/** A request, and what its caller knows of it. */
interface Asked {
  name: string;
  tab: SimulatedTab;
  outcome?: { count: number } | { error: string; message: string };
}

class Trial {
  readonly world: World;
  readonly site: Site;
  readonly asked: Asked[] = [];
  tabs: SimulatedTab[] = [];
  opened = 0;

  constructor(of: number) {
    this.world = new World(of);
    this.site = new Site(this.world);
  }

  open(): void {
    const tab = new SimulatedTab(this.site, `page ${(this.opened += 1)}`, this.world.chance(0.2));
    this.tabs.push(tab);
    tab.open(PATIENCE).then(
      () => this.#use(tab),
      // A tab that finds a leader that is stalled is told so, and a guest that finds none.
      () => this.#gone(tab),
    );
  }

  #gone(tab: SimulatedTab): void {
    this.tabs = this.tabs.filter((other) => other !== tab);
  }

  /** Makes requests now and then. */
  #use(tab: SimulatedTab): void {
    const again = () => {
      if (this.world.now > TROUBLE_ENDS || !this.tabs.includes(tab)) return;
      for (let n = 1 + Math.floor(this.world.random() * 4); n > 0; n -= 1) this.#ask(tab);
      this.world.later(this.world.delay(200), tab.thread, again);
    };
    again();
  }

  #ask(tab: SimulatedTab): void {
    const asked: Asked = { name: `request ${this.asked.length}`, tab };
    this.asked.push(asked);
    const answered = ({ body }: { body: Uint8Array }) => {
      asked.outcome = { count: Number(new TextDecoder().decode(body)) };
    };
    const failed = ({ name, message }: Error) => {
      asked.outcome = { error: name, message };
    };
    tab.db!.dispatch("T.Count", asked.name).then(answered, (error: LeaderUnresponsiveError) => {
      if (error.settled) error.settled.then(answered, failed);
      else failed(error);
    });
  }

  /** Something happens. */
  trouble(): void {
    if (this.world.now > TROUBLE_ENDS) return;
    const tab = this.tabs.length > 0 ? this.world.pick(this.tabs) : undefined;
    const happenings: ((tab: SimulatedTab) => void)[] = [
      (one) => {
        one.thread.die();
        this.#gone(one);
      },
      (one) => {
        void one.db?.close();
        this.#gone(one);
      },
      (one) => one.worker?.thread.die(),
      (one) => one.worker?.thread.stall(this.world.delay(PATIENCE * 3)),
      (one) => one.thread.stall(this.world.delay(PATIENCE * 3)),
      (one) => this.#freeze(one, this.world.delay(PATIENCE * 4)),
      () => this.site.endBroker(),
      () => this.open(),
      () => this.open(),
    ];
    if (tab) this.world.pick(happenings)(tab);
    else this.open();
    if (this.tabs.length > 5) this.world.pick(this.tabs).thread.stall(1);
    this.world.later(this.world.delay(800), undefined, () => this.trouble());
  }

  #freeze(tab: SimulatedTab, ms: number): void {
    tab.transport?.freeze();
    tab.worker?.thread.stall(ms);
    tab.thread.stall(ms);
    this.world.later(ms, tab.thread, () => tab.transport?.resume());
  }

  /** Requests whose callers live and know nothing. */
  unanswered(): Asked[] {
    return this.asked.filter(({ tab, outcome }) => tab.thread.alive && !outcome);
  }

  async run(): Promise<void> {
    this.open();
    if (this.world.chance(0.7)) this.open();
    if (this.world.chance(0.7)) this.open();
    this.trouble();
    await this.world.pass(TROUBLE_ENDS);
    await this.world.pass(EVERYTHING_ENDS, () => this.unanswered().length === 0);
  }

  /** What must hold. */
  check(): void {
    expect(this.unanswered().map(({ name, tab }) => `${name} of ${tab.thread.name}`)).toEqual([]);
    const { applied, value } = this.site.disk;
    expect([...applied].filter(([, times]) => times !== 1)).toEqual([]);
    const counts = new Set<number>();
    for (const { name, outcome } of this.asked) {
      if (!outcome) continue;
      if ("count" in outcome) {
        expect(applied.get(name), name).toBe(1);
        expect(counts.has(outcome.count), `${name} has the reply of another`).toBe(false);
        counts.add(outcome.count);
        expect(outcome.count).toBeLessThanOrEqual(value);
      } else {
        expect(["WorkerLostError", "DatabaseClosedError"]).toContain(outcome.error);
        if (/did nothing/.test(outcome.message)) expect(applied.has(name), `${name} did something`).toBe(false);
      }
    }
  }
}

test("every call has an outcome and nothing is applied twice, whatever happens to the tabs", { timeout: 0 }, async () => {
  let answered = 0;
  for (let n = 0; n < count("tabSchedules"); n += 1) {
    const of = (seed + n) >>> 0;
    const trial = new Trial(of);
    try {
      await trial.run();
      trial.check();
    } catch (error) {
      throw new Error(`the schedule of seed ${of}`, { cause: error });
    }
    answered += trial.asked.filter(({ outcome }) => outcome && "count" in outcome).length;
  }
  expect(answered).toBeGreaterThan(count("tabSchedules"));
});
