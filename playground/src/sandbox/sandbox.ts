/**
 * Runs a program of the user in a worker inside a frame of an origin of its own: it reaches neither the page, nor what the browser keeps
 * for the page, nor the network. All it has is a port, over which requests to DynamoDB come.
 */
import runtime from "virtual:sdk-runtime";
import { FRAME_SCRIPT } from "./frame-script.ts";
import type { FromSandbox, StartSandbox, ToSandbox } from "./messages.ts";
import { programText } from "./program-text.ts";

/** A program that has not ended by then is ended. */
const LONGEST_MS = 30_000;

/** Scripts of this frame and of blobs it makes; everything else, connections included, is refused by the browser. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:";
const FRAME = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${FRAME_SCRIPT}</script>`;

export interface SandboxAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface SandboxHost {
  /** Answers a request; a rejection becomes an error of the program. */
  request(target: string, body: string): Promise<SandboxAnswer>;
  console(level: string, text: string): void;
}

/** The program failed: with an error of its own, or of the SDK's. */
export class ProgramError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Runs it to its end. Rejects with `ProgramError` or `ImportError`; the signal ends it earlier. */
export function runProgram(code: string, host: SandboxHost, signal: AbortSignal): Promise<void> {
  const start: StartSandbox = { type: "start", program: programText(code) };
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.style.display = "none";
  frame.title = "Sandbox";
  frame.srcdoc = FRAME;
  const requests = new MessageChannel();
  const troubles = new MessageChannel();
  const ended = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ProgramError("TimeoutError", `The program has not ended after ${LONGEST_MS / 1000} seconds`)),
      LONGEST_MS,
    );
    signal.addEventListener("abort", () => reject(new ProgramError("AbortError", "The program was stopped")));
    const hear = async ({ data }: MessageEvent<FromSandbox>) => {
      if (data.type === "console") host.console(data.level, data.text);
      else if (data.type === "request") requests.port1.postMessage(await answered(host, data));
      else {
        clearTimeout(timer);
        if (data.type === "done") resolve();
        else reject(new ProgramError(data.name, data.message));
      }
    };
    requests.port1.onmessage = (event) => void hear(event);
    troubles.port1.onmessage = (event) => void hear(event);
    frame.onload = () => frame.contentWindow?.postMessage({ runtime, start }, "*", [requests.port2, troubles.port2]);
  });
  document.body.append(frame);
  return ended.finally(() => {
    frame.remove();
    requests.port1.close();
    troubles.port1.close();
  });
}

async function answered(host: SandboxHost, { id, target, body }: Extract<FromSandbox, { type: "request" }>): Promise<ToSandbox> {
  try {
    return { type: "answer", id, ...(await host.request(target, body)) };
  } catch (error) {
    return { type: "answer", id, status: 0, headers: {}, body: "", failure: String(error) };
  }
}
