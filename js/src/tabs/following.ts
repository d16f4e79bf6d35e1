/** Another tab's worker that leads: the ways to it that are tried until one is answered, and the watch over its life. */
import { type FromLeader, type HelloMessage, PROTOCOL_VERSION, type TabMessage } from "../protocol.ts";
import { type Link, portLink, relayLink } from "./links.ts";
import type { TabPlatform } from "./platform.ts";

/** A port that has not opened the conversation after this long is not waited for. */
const PORT_WITHIN_MS = 500;

/** Who follows. */
export interface Follower {
  /** The leader has answered: `link` is the way that is left. */
  welcomed(link: Link, message: Extract<FromLeader, { type: "opened" }>): void;
  hear(message: FromLeader): void;
  /** It has ended, or leads no more. */
  leaderGone(): void;
}

export class Following {
  readonly leader: string;
  readonly #client: string;
  readonly #post: (message: TabMessage) => void;
  readonly #follower: Follower;
  readonly #watch = new AbortController();
  /** Empty once one of them is answered. */
  #trying: Link[] = [];
  #answered = false;

  /** Begins to try. `post` says something to all tabs. */
  constructor(leader: string, client: string, platform: TabPlatform, post: (message: TabMessage) => void, follower: Follower) {
    this.leader = leader;
    this.#client = client;
    this.#post = post;
    this.#follower = follower;
    platform.watchLife(leader, this.#watch.signal, () => this.#gone());
    const port = platform.connect(leader);
    if (!port) {
      this.#tryChannel();
      return;
    }
    const link = portLink(leader, port, (message) => this.#hear(message, link));
    this.#trying.push(link);
    port.postMessage(this.#hello());
    platform.later(() => this.#tryChannel(), PORT_WITHIN_MS);
  }

  #hello(): HelloMessage {
    return { type: "hello", version: PROTOCOL_VERSION, client: this.#client };
  }

  #tryChannel(): void {
    if (this.#watch.signal.aborted || this.#answered) return;
    this.#trying.push(relayLink(this.leader, this.#client, this.#post));
    this.#post({ type: "relay", to: this.leader, from: this.#client, message: this.#hello() });
  }

  /** What it says over the channel. */
  hearRelayed(message: FromLeader): void {
    this.#hear(
      message,
      this.#trying.find(({ relayed }) => relayed),
    );
  }

  #hear(message: FromLeader, link: Link | undefined): void {
    if (this.#watch.signal.aborted) return;
    if (message.type === "yielded") this.#gone();
    else if (message.type !== "opened") this.#follower.hear(message);
    else if (link && this.#trying.includes(link)) {
      this.#answered = true;
      for (const tried of this.#trying.splice(0)) if (tried !== link) tried.leave();
      this.#follower.welcomed(link, message);
    }
  }

  #gone(): void {
    if (!this.#watch.signal.aborted) this.#follower.leaderGone();
  }

  /** It is followed no more; the link that it answered over is whoever's that has it. */
  end(): void {
    this.#watch.abort();
    for (const tried of this.#trying.splice(0)) tried.leave();
  }
}
