/** The seeded source of every choice the generator makes: the same seed gives the same requests. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from, to) {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True `percent` times in a hundred. */
  chance(percent) {
    return this.next() * 100 < percent;
  }

  pick(choices) {
    return choices[Math.floor(this.next() * choices.length)];
  }

  /** `count` different ones of `choices`, or all there are, in random order. */
  some(choices, count) {
    const left = [...choices];
    const taken = [];
    while (left.length > 0 && taken.length < count) taken.push(...left.splice(Math.floor(this.next() * left.length), 1));
    return taken;
  }

  /** One of `[weight, choice]`. */
  weighted(choices) {
    let at = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) if ((at -= weight) < 0) return choice;
    return choices[choices.length - 1][1];
  }
}
