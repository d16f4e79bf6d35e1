/** The script of the SharedWorker; see `tabs/broker.ts`. */
import type { ToBroker } from "./protocol.ts";
import { Broker } from "./tabs/broker.ts";

const broker = new Broker();

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports }) => {
  const [port] = ports as [MessagePort];
  port.onmessage = ({ data }: MessageEvent<ToBroker>) => broker.hear(port, data);
};
