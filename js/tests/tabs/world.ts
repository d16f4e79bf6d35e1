/**
 * A world in which tabs live and die: virtual time, threads whose messages are late and whose last ones are lost, locks that outlive their
 * holders a little. Everything is drawn from one seed, so a schedule that fails can be repeated.
 */

/** Numbers from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A page, a worker, the broker. */
export class Thread {
  alive = true;
  /** Nothing runs in it before this. */
  stalledUntil = 0;
  readonly children = new Set<Thread>();

  constructor(
    readonly world: World,
    readonly name: string,
    parent?: Thread,
  ) {
    parent?.children.add(this);
  }

  /** Nothing of it runs any more, nor of what it has started; its locks become free. */
  die(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const child of this.children) child.die();
    this.world.locks.forget(this);
  }

  stall(ms: number): void {
    this.stalledUntil = Math.max(this.stalledUntil, this.world.now + ms);
  }
}

interface Occurrence {
  at: number;
  order: number;
  thread: Thread | undefined;
  run: () => void;
}

interface Wish {
  thread: Thread;
  shared: boolean;
  granted: (release: () => void) => void;
}

/** Web Locks. */
class Locks {
  readonly #held = new Map<string, Set<Wish>>();
  readonly #waiting = new Map<string, Wish[]>();

  request(name: string, wish: Wish, signal?: AbortSignal): void {
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, [...waiting, wish]);
    signal?.addEventListener("abort", () => {
      this.#waiting.set(
        name,
        (this.#waiting.get(name) ?? []).filter((other) => other !== wish),
      );
      this.#grant(name);
    });
    this.#grant(name);
  }

  isHeld(name: string): boolean {
    return (this.#held.get(name)?.size ?? 0) > 0;
  }

  /** The names that are held. */
  names(): string[] {
    return [...this.#held].filter(([, holders]) => holders.size > 0).map(([name]) => name);
  }

  /** The names that are waited for. */
  awaited(): string[] {
    return [...this.#waiting].filter(([, waiting]) => waiting.length > 0).map(([name]) => name);
  }

  /** A thread has died: a little later the browser knows. */
  forget(thread: Thread): void {
    for (const [name, waiting] of this.#waiting)
      this.#waiting.set(
        name,
        waiting.filter((wish) => wish.thread !== thread),
      );
    for (const [name, holders] of this.#held) {
      for (const wish of holders)
        if (wish.thread === thread) thread.world.later(thread.world.delay(20), undefined, () => this.#release(name, wish));
    }
    for (const name of this.#waiting.keys()) this.#grant(name);
  }

  #release(name: string, wish: Wish): void {
    if (this.#held.get(name)?.delete(wish)) this.#grant(name);
  }

  #grant(name: string): void {
    const holders = this.#held.get(name) ?? new Set();
    this.#held.set(name, holders);
    const waiting = this.#waiting.get(name) ?? [];
    while (waiting.length > 0) {
      const [next] = waiting as [Wish];
      const free = holders.size === 0 || (next.shared && [...holders].every(({ shared }) => shared));
      if (!free) return;
      waiting.shift();
      holders.add(next);
      const release = () => this.#release(name, next);
      next.thread.world.later(next.thread.world.delay(3), next.thread, () => next.granted(release));
    }
  }
}

export class World {
  now = 0;
  readonly locks = new Locks();
  readonly random: () => number;
  #order = 0;
  #events: Occurrence[] = [];
  readonly #lastArrival = new Map<string, number>();

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  /** A time up to `most`, mostly short. */
  delay(most: number): number {
    return most * this.random() ** 3;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  /** Runs something later, in a thread if it is alive and runs by then. Gives what undoes that. */
  later(ms: number, thread: Thread | undefined, run: () => void): () => void {
    const event: Occurrence = { at: this.now + ms, order: this.#order++, thread, run };
    this.#insert(event);
    return () => {
      event.run = () => {};
    };
  }

  #insert(event: Occurrence): void {
    let at = this.#events.length;
    while (at > 0 && before(event, this.#events[at - 1]!)) at -= 1;
    this.#events.splice(at, 0, event);
  }

  /** A message: in order between two threads, lost with its receiver and sometimes with its sender. */
  send(from: Thread, to: Thread, run: () => void): void {
    if (!from.alive) return;
    const pair = `${from.name}>${to.name}`;
    const arrival = Math.max(this.#lastArrival.get(pair) ?? 0, this.now + this.delay(15));
    this.#lastArrival.set(pair, arrival);
    this.later(arrival - this.now, to, () => {
      // What a process has sent before it crashed arrives, or not.
      if (from.alive || from.children.has(to) || to.children.has(from) || this.chance(0.5)) run();
    });
  }

  /** Lets time pass until then, or until it holds. */
  async pass(until: number, done: () => boolean = () => false): Promise<void> {
    while (this.#events.length > 0 && this.#events[0]!.at <= until && !done()) {
      const event = this.#events.shift()!;
      this.now = Math.max(this.now, event.at);
      const { thread } = event;
      if (thread && !thread.alive) continue;
      if (thread && thread.stalledUntil > this.now) {
        event.at = thread.stalledUntil;
        this.#insert(event);
        continue;
      }
      event.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!done()) this.now = Math.max(this.now, until);
  }
}

function before(one: Occurrence, other: Occurrence): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
