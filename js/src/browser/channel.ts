/** The channel that all tabs of a database hear. */
import type { TabMessage } from "../protocol.ts";
import type { TabChannel } from "../tabs/platform.ts";

/** Joins the channel of that name. */
export function joinChannel(name: string, hear: (message: TabMessage) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => hear(data);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}
