/** What a client has asked of its leader beside requests (`Calls` in `protocol.ts`), and has no answer to yet. */
import { type DynatabError, errorFromMessage, WorkerLostError } from "../errors.ts";
import type { CalledMessage, CallMessage, Calls } from "../protocol.ts";

interface Settle {
  resolve(output: CalledMessage["output"]): void;
  reject(error: DynatabError): void;
}

export class PendingCalls {
  readonly #pending = new Map<number, { asked: CallMessage; settle: Settle }>();
  #next = 1;

  get empty(): boolean {
    return this.#pending.size === 0;
  }

  /** Those that wait, the oldest first: what a new leader is asked. */
  get asked(): CallMessage[] {
    return [...this.#pending.values()].map(({ asked }) => asked);
  }

  /** A call to be sent, and its answer. */
  add<What extends keyof Calls>(what: What, input: Calls[What]["input"]): { asked: CallMessage; answer: Promise<Calls[What]["output"]> } {
    const asked: CallMessage = { type: "call", call: this.#next++, what, input };
    const answer = new Promise<Calls[What]["output"]>((resolve, reject) => {
      this.#pending.set(asked.call, { asked, settle: { resolve: resolve as Settle["resolve"], reject } });
    });
    return { asked, answer };
  }

  called({ call, output, error }: CalledMessage): void {
    const settle = this.#pending.get(call)?.settle;
    this.#pending.delete(call);
    if (error) settle?.reject(errorFromMessage(error));
    else settle?.resolve(output);
  }

  /** The leader that was asked is gone. What was loaded may have been written over since: it is not loaded again. */
  leaderGone(): void {
    for (const [call, { asked, settle }] of this.#pending) {
      if (asked.what !== "load") continue;
      this.#pending.delete(call);
      settle.reject(new WorkerLostError("The worker that loaded the file ended: look what the database holds before you load it again."));
    }
  }

  rejectAll(error: DynatabError): void {
    for (const { settle } of this.#pending.values()) settle.reject(error);
    this.#pending.clear();
  }
}
