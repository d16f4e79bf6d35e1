/** The ways from a page to the worker that leads: its own worker, a port to another tab's, or the channel that all tabs hear. */
import type { FromLeader, TabMessage, ToLeader } from "../protocol.ts";
import type { OwnWorker } from "./own-worker.ts";

/** A way to the worker that leads. */
export interface Link {
  /** The leader's id; null for a worker that has none. */
  readonly leader: string | null;
  /** Whether it is the channel that all tabs hear. */
  readonly relayed: boolean;
  post(message: Exclude<ToLeader, { type: "hello" | "leave" }>, transfer: Transferable[]): void;
  /** The page needs it no more. */
  leave(): void;
}

/** To the page's own worker. What it says arrives with everything else it says. */
export function ownLink(worker: OwnWorker): Link {
  return { leader: worker.id, relayed: false, post: (message, transfer) => worker.post(message, transfer), leave() {} };
}

/** Over a port. */
export function portLink(leader: string, port: MessagePort, hear: (message: FromLeader) => void): Link {
  port.onmessage = ({ data }: MessageEvent<FromLeader>) => hear(data);
  return {
    leader,
    relayed: false,
    post: (message, transfer) => port.postMessage(message, transfer),
    leave() {
      port.onmessage = null;
      port.postMessage({ type: "leave" } satisfies ToLeader);
      port.close();
    },
  };
}

/** Over the channel: what the leader says to this client is heard with everything else that is said there. */
export function relayLink(leader: string, client: string, say: (message: TabMessage) => void): Link {
  const relay = (message: ToLeader) => say({ type: "relay", to: leader, from: client, message });
  return { leader, relayed: true, post: relay, leave: () => relay({ type: "leave" }) };
}
