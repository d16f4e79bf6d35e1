/** `dynatab serve`: the endpoint from the command line. */
import { Dynatab } from "../open.ts";
import { serve } from "../serve.ts";
import { COMMON_OPTIONS, openOptions, parse, portOf, untilSignal } from "./arguments.ts";

export const SERVE_USAGE = `dynatab serve [--port 8000] [--host 127.0.0.1] [--db FILE] [--region eu-west-2] [--relaxed]

Answers Amazon DynamoDB's API on this machine: point any AWS SDK or the AWS CLI at the endpoint it prints.

  --port PORT      default 8000; 0 takes any free one
  --host ADDRESS   default 127.0.0.1
  --db FILE        keep the data in this file; without it the data is in memory
  --region REGION  the region that ARNs and messages name; default eu-west-2
  --relaxed        with --db: faster commits, of which a power cut may lose the last few
`;

/** Runs until a signal ends it. */
export async function serveCommand(args: string[]): Promise<void> {
  const values = parse(args, { ...COMMON_OPTIONS, port: { type: "string", short: "p", default: "8000" } });
  const port = portOf(values.port);
  const db = await Dynatab.open("served", openOptions(values));
  try {
    const endpoint = await serve({ port, host: values.host, db });
    const where = values.db === undefined ? "in memory, gone when this ends" : values.db;
    process.stdout.write(`DynamoDB at ${endpoint.url} (${db.region}; data ${where})\n`);
    await untilSignal();
    await endpoint.close();
  } finally {
    await db.close();
  }
}
