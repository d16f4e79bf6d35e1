/**
 * The SharedWorker that brokers ports: a page gives it one end of a channel, the worker that leads gets it. Nothing else passes through it, so
 * that its end, with the process it runs in, costs nobody anything.
 */
import type { FromBroker, ToBroker } from "../protocol.ts";

/** A port as the broker sees it. */
export interface BrokerPort {
  postMessage(message: FromBroker, transfer: Transferable[]): void;
}

/** Leaders that are not known are waited for; so many ports at most. */
const MOST_WAITING = 1000;

export class Broker {
  readonly #leaders = new Map<string, BrokerPort>();
  #waiting: { leader: string; port: MessagePort }[] = [];

  hear(from: BrokerPort, message: ToBroker): void {
    if (message.type === "lead") {
      this.#leaders.set(message.leader, from);
      const ready = this.#waiting.filter(({ leader }) => leader === message.leader);
      this.#waiting = this.#waiting.filter(({ leader }) => leader !== message.leader);
      for (const { port } of ready) give(from, port);
      return;
    }
    const leader = this.#leaders.get(message.leader);
    if (leader) give(leader, message.port);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(message);
  }
}

function give(leader: BrokerPort, port: MessagePort): void {
  leader.postMessage({ port }, [port]);
}
