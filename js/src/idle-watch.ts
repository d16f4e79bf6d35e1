/** Notices when nothing has happened for a while: the time for upkeep. */
import { later } from "./later.ts";

/** Upkeep begins when nothing has happened for this long. */
const IDLE_MS = 500;

export class IdleWatch {
  readonly #idle: () => void;
  #lastWork = 0;
  #watching = false;
  #stopped = false;

  /** `idle` runs once each time that work is followed by a rest. */
  constructor(idle: () => void) {
    this.#idle = idle;
  }

  /** Work was done. */
  worked(): void {
    this.#lastWork = Date.now();
    if (!this.#watching) this.#watch(IDLE_MS);
  }

  /** Nothing runs any more. */
  stop(): void {
    this.#stopped = true;
  }

  #watch(ms: number): void {
    this.#watching = true;
    later(() => {
      this.#watching = false;
      if (this.#stopped) return;
      const rest = this.#lastWork + IDLE_MS - Date.now();
      if (rest > 0) this.#watch(rest);
      else this.#idle();
    }, ms);
  }
}
