/** How long a client has heard nothing of whoever is to answer it, looked at now and then for as long as it waits for something. */
import type { TabPlatform } from "./platform.ts";

/** It is looked at so often in the time after which the leader is called unresponsive. */
const LOOKS = 4;

/** Whose patience it is. */
export interface Waiting {
  waits(): boolean;
  /** Nothing was heard for this many milliseconds, at least those between two looks. */
  silent(ms: number, now: number): void;
}

export class Patience {
  readonly #platform: TabPlatform;
  readonly #interval: number;
  readonly #waiting: Waiting;
  #lastHeard: number;
  #cancel: (() => void) | undefined;
  #due = 0;
  #ended = false;

  /** `patience` is in milliseconds. */
  constructor(platform: TabPlatform, patience: number, waiting: Waiting) {
    this.#platform = platform;
    this.#interval = patience / LOOKS;
    this.#waiting = waiting;
    this.#lastHeard = platform.now();
  }

  /** There was a sign of life, or a reason why there could be none. */
  heard(): void {
    this.#lastHeard = this.#platform.now();
  }

  /** Something is waited for from here on. */
  look(): void {
    if (this.#cancel || this.#ended) return;
    this.#due = this.#platform.now() + this.#interval;
    this.#cancel = this.#platform.later(() => this.#look(), this.#interval);
  }

  #look(): void {
    this.#cancel = undefined;
    const now = this.#platform.now();
    // A clock that has jumped means that this page did not run: nobody can be blamed for what it did not hear.
    if (now - this.#due > 2 * this.#interval) this.heard();
    const silence = now - this.#lastHeard;
    if (silence >= this.#interval) this.#waiting.silent(silence, now);
    if (this.#waiting.waits()) this.look();
  }

  end(): void {
    this.#ended = true;
    this.#cancel?.();
  }
}
