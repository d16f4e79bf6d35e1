/** What a command really sent and was answered: the JSON on the wire, which is what DynamoDB would have seen. */
import type { MiddlewareStack } from "@smithy/types";

/** One request and its answer. Both stay undefined when the SDK refuses the request before it is sent. */
export interface Exchange {
  request?: string;
  response?: string;
  milliseconds?: number;
}

const decoder = new TextDecoder();

function textOf(body: unknown): string {
  return typeof body === "string" ? body : body instanceof Uint8Array ? decoder.decode(body) : "";
}

/** Watches a command: what it sends is in the exchange once the command has been answered, with an error too. */
export function watchExchange<Input extends object, Output extends object>(command: {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}): Exchange {
  const exchange: Exchange = {};
  command.middlewareStack.add(
    (next) => async (given) => {
      exchange.request = textOf((given.request as { body?: unknown }).body);
      const started = performance.now();
      const result = await next(given);
      exchange.milliseconds = performance.now() - started;
      exchange.response = textOf((result.response as { body?: unknown }).body);
      return result;
    },
    // The last step of all: the request is serialised, the answer not yet parsed. The document client's commands bring their stack twice.
    { step: "deserialize", priority: "low", name: "watchExchange", override: true },
  );
  return exchange;
}
