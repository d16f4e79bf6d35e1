/** What the page and the sandbox's worker say to each other. */

/** The first message, with a port: the program to run, as `program-text.ts` writes it. */
export interface StartSandbox {
  type: "start";
  program: string;
}

/** What the page says over the port. */
export type ToSandbox = {
  type: "answer";
  id: number;
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Why there is no answer. */
  failure?: string;
};

/** What the worker says over the port. */
export type FromSandbox =
  | { type: "request"; id: number; target: string; body: string }
  | { type: "console"; level: string; text: string }
  | { type: "done" }
  | { type: "failed"; name: string; message: string };
