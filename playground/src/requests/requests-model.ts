/** What the view of requests holds: one request in one of its forms, what running it said, and how forms become one another. */
import { signal } from "@preact/signals";
import type { App } from "../app/app.ts";
import { type Exchange, ServiceError } from "../database/exchange.ts";
import { jsonText } from "../values/plain-json.ts";
import { CliError, cliCommand, parseCliCommand } from "./cli-command.ts";
import { sdkCode } from "./sdk-code.ts";

export type RequestForm = "json" | "code" | "cli";

export interface ConsoleLine {
  level: string;
  text: string;
}

const FIRST = { operation: "ListTables", text: "{}" };

/** The first request of a program is all that is wanted of it: its client ends it. */
class FirstRequest extends Error {
  constructor(
    readonly operation: string,
    readonly input: Record<string, unknown>,
  ) {
    super("The first request is known");
  }
}

export class RequestsModel {
  readonly form = signal<RequestForm>("json");
  readonly operation = signal(FIRST.operation);
  readonly text = signal(FIRST.text);
  readonly busy = signal(false);
  readonly failure = signal<Error | undefined>(undefined);
  /** What the last run asked, the newest last. */
  readonly exchanges = signal<readonly Exchange[]>([]);
  readonly console = signal<readonly ConsoleLine[]>([]);
  /** Code that came with a link runs only when the reader has agreed. */
  readonly untrusted = signal(false);
  #stop: AbortController | undefined;

  constructor(readonly app: App) {}

  /** Shows a request as JSON. */
  show(operation: string, input: unknown): void {
    this.form.value = "json";
    this.operation.value = operation;
    this.text.value = jsonText(input);
    this.untrusted.value = false;
    this.#clear();
  }

  /** Shows a program, which may be somebody else's. */
  showCode(code: string, untrusted: boolean): void {
    this.form.value = "code";
    this.text.value = code;
    this.untrusted.value = untrusted;
    this.#clear();
  }

  /** The request that is written, whatever its form. Rejects with what is wrong with it. */
  async request(): Promise<{ operation: string; input: Record<string, unknown> }> {
    const text = this.text.peek();
    if (this.form.peek() === "cli") return parseCliCommand(text);
    if (this.form.peek() === "code") return this.#firstOf(text);
    const input: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    if (typeof input !== "object" || input === null || Array.isArray(input)) throw new SyntaxError("A request is a JSON object.");
    return { operation: this.operation.peek(), input: input as Record<string, unknown> };
  }

  /** Writes the same request another way. */
  async change(form: RequestForm): Promise<void> {
    if (form === this.form.peek()) return;
    this.failure.value = undefined;
    try {
      const { operation, input } = await this.request();
      this.operation.value = operation;
      this.text.value = form === "json" ? jsonText(input) : form === "cli" ? cliCommand(operation, input) : sdkCode(operation, input);
      this.form.value = form;
      this.untrusted.value = false;
    } catch (error) {
      this.failure.value = error as Error;
    }
  }

  /** Runs it. */
  async run(): Promise<void> {
    if (this.busy.peek() || (this.form.peek() === "code" && this.untrusted.peek())) return;
    this.#clear();
    this.busy.value = true;
    try {
      if (this.form.peek() === "code") await this.#runCode();
      else {
        const { operation, input } = await this.request();
        this.exchanges.value = [await this.app.run(operation, input)];
      }
    } catch (error) {
      this.failure.value = error as Error;
      if (error instanceof ServiceError) this.exchanges.value = [error.exchange];
    } finally {
      this.busy.value = false;
    }
  }

  /** Ends a program that runs. */
  stop(): void {
    this.#stop?.abort();
  }

  #clear(): void {
    this.failure.value = undefined;
    this.exchanges.value = [];
    this.console.value = [];
  }

  async #runCode(): Promise<void> {
    const { runProgram } = await import("../sandbox/sandbox.ts");
    this.#stop = new AbortController();
    const host = {
      request: (target: string, body: string) => this.#ask(target, body),
      console: (level: string, text: string) => {
        this.console.value = [...this.console.peek(), { level, text }];
      },
    };
    await runProgram(this.text.peek(), host, this.#stop.signal);
  }

  /** A program's request: DynamoDB's own operations only. */
  async #ask(target: string, body: string) {
    const operation = /^DynamoDB(?:Streams)?_\d+\.([A-Za-z]+)$/.exec(target)?.[1];
    if (operation === undefined) throw new Error(`${target} is no operation of DynamoDB`);
    const exchange = await this.app.open.run(operation, JSON.parse(body || "{}") as object);
    this.app.history.add(this.app.databaseName, exchange);
    this.exchanges.value = [...this.exchanges.peek(), exchange];
    await this.app.noteRun(operation);
    return { status: exchange.status, headers: { "content-type": "application/x-amz-json-1.0" }, body: JSON.stringify(exchange.answer) };
  }

  /** The first request of a program, which is not carried out. */
  async #firstOf(code: string): Promise<{ operation: string; input: Record<string, unknown> }> {
    if (this.untrusted.peek()) throw new CliError("This program came with a link: look at it and agree to it first");
    const { runProgram } = await import("../sandbox/sandbox.ts");
    let first: FirstRequest | undefined;
    const stop = new AbortController();
    const request = async (target: string, body: string) => {
      first ??= new FirstRequest(target.slice(target.indexOf(".") + 1), JSON.parse(body) as Record<string, unknown>);
      stop.abort();
      throw first;
    };
    await runProgram(code, { request, console() {} }, stop.signal).catch((error) => {
      if (!first) throw error;
    });
    if (!first) throw new CliError("The program asks the database nothing");
    return { operation: first.operation, input: first.input };
  }
}

const models = new WeakMap<App, RequestsModel>();

/** The page's model of requests. */
export function requestsModel(app: App): RequestsModel {
  const model = models.get(app) ?? new RequestsModel(app);
  models.set(app, model);
  return model;
}
