/**
 * The worker's side: serves its own page and, while it leads, the pages of other tabs. Requests go to the engine's host under their client's
 * id, so that the ledger knows them; replies go back where the requests came from.
 */

import type { StreamListener } from "../changes/listener.ts";
import { errorToMessage } from "../errors.ts";
import {
  type BatchMessage,
  type CalledMessage,
  type CallMessage,
  type FromLeader,
  PROTOCOL_VERSION,
  type TabMessage,
  type ToLeader,
} from "../protocol.ts";
import type { ReplySink } from "../reply-sink.ts";
import type { RequestTrace } from "../request-trace.ts";
import type { Sender } from "../senders.ts";
import type { OpenResult } from "../transport.ts";

/** What is served: the engine's host. */
export interface Served {
  followed: boolean;
  submit(batch: Uint8Array<ArrayBuffer>, sink: ReplySink, sender?: Sender, traced?: boolean): void;
  watch(tables: readonly string[], listener: StreamListener): void;
  /** The listener is gone. */
  forget(listener: StreamListener): void;
}

/** Answers what is asked beside requests. */
export type Answer = (asked: CallMessage) => Promise<CalledMessage["output"]>;

/** Says something to one client. */
export type Say = (message: FromLeader, transfer?: Transferable[]) => void;

/** Says something to all tabs. */
export type Announce = (message: TabMessage) => void;

/** One client, over one way to it. */
export class Session implements ReplySink, StreamListener {
  readonly #client: string;
  readonly #host: Served;
  readonly #answer: Answer;
  readonly #say: Say;
  #accepting = true;

  constructor(client: string, host: Served, answer: Answer, say: Say) {
    this.#client = client;
    this.#host = host;
    this.#answer = answer;
    this.#say = say;
  }

  hear(message: ToLeader): void {
    if (message.type === "batch") this.#submit(message);
    else if (message.type === "call") void this.#call(message);
    else if (message.type === "watch") this.#host.watch(message.tables, this);
    else if (message.type === "ping") this.#say({ type: "pong" });
  }

  #submit({ packed, length, confirmed, again, traced }: BatchMessage): void {
    // What comes later is not accepted: it has no answer, and its client sends it to the next leader.
    if (!this.#accepting) return;
    this.#host.submit(new Uint8Array(packed, 0, length), this, { client: this.#client, confirmed, again }, traced);
  }

  async #call(asked: CallMessage): Promise<void> {
    if (!this.#accepting) return;
    const { call } = asked;
    try {
      this.#say({ type: "called", call, output: await this.#answer(asked) });
    } catch (error) {
      this.#say({ type: "called", call, error: errorToMessage(error) });
    }
  }

  /** Accepts nothing more. */
  refuse(): void {
    this.#accepting = false;
  }

  welcome(opened: OpenResult): void {
    this.#say({ type: "opened", version: PROTOCOL_VERSION, ...opened });
  }

  yielded(): void {
    this.#say({ type: "yielded" });
  }

  replies({ buffer, length }: Uint8Array<ArrayBuffer>, trace?: RequestTrace): void {
    this.#say({ type: "replies", packed: buffer, length, ...(trace && { trace }) }, [buffer]);
  }

  failed(ids: readonly number[], error: Error): void {
    this.#say({ type: "failed", ids: [...ids], error: errorToMessage(error) });
  }

  changed(tables?: readonly string[]): void {
    this.#say(tables ? { type: "changed", tables } : { type: "changed" });
  }

  replaced(): void {
    this.#say({ type: "replaced" });
  }

  // A host never loses its clients' requests at large; they notice the worker's end by themselves.
  lost(): void {}

  overdue(): void {}
}

/** The worker leads. */
export class Leadership {
  readonly #leader: string;
  readonly #host: Served;
  readonly #answer: Answer;
  readonly #opened: OpenResult;
  readonly #announce: Announce;
  readonly #sessions = new Set<Session>();
  readonly #relayed = new Map<string, Session>();

  constructor(leader: string, host: Served, answer: Answer, opened: OpenResult, announce: Announce) {
    this.#leader = leader;
    this.#host = host;
    this.#answer = answer;
    this.#opened = opened;
    this.#announce = announce;
    this.#lead();
  }

  #lead(): void {
    this.#announce({ type: "leads", version: PROTOCOL_VERSION, leader: this.#leader });
  }

  /** A client of another tab, over a port of its own. */
  accept(port: Pick<MessagePort, "postMessage" | "onmessage" | "close">): void {
    let session: Session | undefined;
    port.onmessage = ({ data }: MessageEvent<ToLeader>) => {
      if (data.type === "hello") session = this.#begin(data.client, (message, transfer = []) => port.postMessage(message, transfer));
      else if (data.type === "leave") {
        this.#end(session);
        port.close();
      } else session?.hear(data);
    };
  }

  /** What all tabs hear. */
  hear(message: TabMessage): void {
    if (message.type === "seek") this.#lead();
    else if (message.type === "relay" && message.to === this.#leader) this.#hearRelayed(message.from, message.message as ToLeader);
  }

  #hearRelayed(client: string, message: ToLeader): void {
    if (message.type === "hello") {
      const say: Say = (answer) => this.#announce({ type: "relay", to: client, from: this.#leader, message: answer });
      this.#relayed.set(client, this.#begin(client, say));
    } else if (message.type === "leave") {
      const session = this.#relayed.get(client);
      this.#relayed.delete(client);
      this.#end(session);
    } else this.#relayed.get(client)?.hear(message);
  }

  #begin(client: string, say: Say): Session {
    // From now on every client's replies are kept, the leader's own too.
    this.#host.followed = true;
    const session = new Session(client, this.#host, this.#answer, say);
    this.#sessions.add(session);
    session.welcome(this.#opened);
    return session;
  }

  #end(session: Session | undefined): void {
    if (!session) return;
    this.#sessions.delete(session);
    this.#host.forget(session);
  }

  /** Accepts nothing more from other tabs. */
  refuse(): void {
    for (const session of this.#sessions) session.refuse();
  }

  /** Everything accepted is answered: tells the other tabs that somebody else is to lead. */
  yielded(): void {
    for (const session of this.#sessions) session.yielded();
  }
}
