/**
 * Calls that their callers know by ids of their own, as the AWS SDK does: it gives a request an id and keeps it over its own retries. A call with
 * the id of one that has no answer yet, or whose answer came when its caller had given up, is that call, and nothing is sent for it.
 */
import type { LateReply } from "./errors.ts";
import type { Waiting } from "./request-queue.ts";
import type { RequestTrace } from "./request-trace.ts";

/** So many answers are kept for callers that have given up. */
const MOST_KEPT = 1000;

/** One such call, and all who wait for it. */
class IdentifiedCall implements Waiting {
  #waiters: Waiting[];
  readonly #forget: (kept: boolean) => void;
  #reply: LateReply | undefined;

  constructor(first: Waiting, forget: (kept: boolean) => void) {
    this.#waiters = [first];
    this.#forget = forget;
  }

  join(waiting: Waiting): void {
    if (!this.#reply) {
      this.#waiters.push(waiting);
      return;
    }
    this.#forget(false);
    waiting.answered(this.#reply.status, this.#reply.body);
  }

  answered(status: number, body: Uint8Array, trace?: RequestTrace): void {
    if (this.#waiters.length === 0) this.#reply = { status, body: body.slice() };
    this.#forget(this.#waiters.length === 0);
    for (const waiting of this.#waiters) waiting.answered(status, body, trace);
  }

  failed(error: unknown): void {
    this.#forget(false);
    for (const waiting of this.#waiters) waiting.failed(error);
  }

  /** Those who wait wait no longer; the call goes on. */
  giveUp(error: unknown): void {
    for (const waiting of this.#waiters.splice(0)) waiting.failed(error);
  }
}

export class IdentifiedCalls {
  /** Those without an answer. */
  readonly #open = new Map<string, IdentifiedCall>();
  /** Those whose callers had given up when it came. */
  readonly #answered = new Map<string, IdentifiedCall>();

  /** Lets a caller wait for the call it has made before. False if there is none. */
  join(id: string, waiting: Waiting): boolean {
    const call = this.#open.get(id) ?? this.#answered.get(id);
    call?.join(waiting);
    return call !== undefined;
  }

  /** A new call; whoever waits for it waits for what this gives. */
  begin(id: string, waiting: Waiting): Waiting {
    const call = new IdentifiedCall(waiting, (kept) => {
      this.#open.delete(id);
      this.#answered.delete(id);
      if (kept) this.#answered.set(id, call);
      const [oldest] = this.#answered.keys();
      // Most callers that have given up never ask again.
      if (this.#answered.size > MOST_KEPT && oldest !== undefined) this.#answered.delete(oldest);
    });
    this.#open.set(id, call);
    return call;
  }
}

/** Tells the caller that it waits no longer. Gives what has to wait from now on for the outcome, which `late` hears too. */
export function giveUp(waiting: Waiting, error: unknown, late: Waiting): Waiting {
  if (!(waiting instanceof IdentifiedCall)) {
    waiting.failed(error);
    return late;
  }
  waiting.giveUp(error);
  return {
    answered(status, body) {
      late.answered(status, body);
      waiting.answered(status, body);
    },
    failed(why) {
      late.failed(why);
      waiting.failed(why);
    },
  };
}
