/** `npx dynatab serve`: the endpoint from the command line. */
import { parseArgs } from "node:util";
import { DynatabError } from "../errors.ts";
import { Dynatab, type OpenOptions } from "./open.ts";
import { serve } from "./serve.ts";

const USAGE = `dynatab serve [--port 8000] [--host 127.0.0.1] [--db FILE] [--region eu-west-2] [--relaxed]

Answers Amazon DynamoDB's API on this machine: point any AWS SDK or the AWS CLI at the endpoint it prints.

  --port PORT      default 8000; 0 takes any free one
  --host ADDRESS   default 127.0.0.1
  --db FILE        keep the data in this file; without it the data is in memory
  --region REGION  the region that ARNs and messages name; default eu-west-2
  --relaxed        with --db: faster commits, of which a power cut may lose the last few
`;

/** A command line that means nothing, in the user's words. */
class UsageError extends Error {}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: "string", short: "p", default: "8000" },
        host: { type: "string", default: "127.0.0.1" },
        db: { type: "string" },
        region: { type: "string" },
        relaxed: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Runs the command line and resolves with the process's exit code; for `serve` when a signal has ended it. */
export async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (positionals.length !== 1 || positionals[0] !== "serve")
      throw new UsageError(`Unknown command: ${positionals.join(" ") || "none given"}`);
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError(`--port takes a number from 0 to 65535, not ${values.port}`);
    const options: OpenOptions = {
      ...(values.db === undefined ? {} : { file: values.db }),
      ...(values.region === undefined ? {} : { region: values.region }),
      durability: values.relaxed ? "relaxed" : "strict",
    };
    await serveUntilSignal(port, values.host, options);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}`);
    else if (error instanceof DynatabError) process.stderr.write(`${error.message}\n`);
    else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
}

async function serveUntilSignal(port: number, host: string, options: OpenOptions): Promise<void> {
  const db = await Dynatab.open("served", options);
  try {
    const endpoint = await serve({ port, host, db });
    const where = options.file === undefined ? "in memory, gone when this ends" : options.file;
    process.stdout.write(`DynamoDB at ${endpoint.url} (${db.region}; data ${where})\n`);
    await new Promise<void>((resolve) => {
      process.once("SIGINT", () => resolve());
      process.once("SIGTERM", () => resolve());
    });
    await endpoint.close();
  } finally {
    await db.close();
  }
}
