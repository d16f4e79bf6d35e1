/** What a sample database is: tables to make, and items to put into them. */
import type { Item } from "../values/attribute-value.ts";

/** A table of a sample. */
export interface SampleTable {
  /** CreateTable's input. */
  definition: { TableName: string; [member: string]: unknown };
  items: () => Item[];
  /** The attribute TTL is enabled on, if any. */
  ttl?: string;
}

export interface Sample {
  id: string;
  title: string;
  description: string;
  tables: SampleTable[];
}

/** A generator of numbers that makes the same sample everywhere (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Chooses from lists, always the same way. */
export class Choice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** A whole number from `least` to `most`. */
  number(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  of<T>(list: readonly T[]): T {
    return list[this.number(0, list.length - 1)]!;
  }

  some<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    return Array.from({ length: Math.min(count, list.length) }, () => rest.splice(this.number(0, rest.length - 1), 1)[0]!);
  }
}

export const S = (text: string) => ({ S: text });
export const N = (value: number) => ({ N: String(value) });
