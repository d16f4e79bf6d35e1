/** `dynatab playground`: the playground from the command line, on databases in the browser, in a file, or of somebody else. */
import { basename } from "node:path";
import { Dynatab } from "../open.ts";
import { endpointOf } from "../playground/foreign-endpoint.ts";
import { type PlaygroundSubject, servePlayground } from "../playground/server.ts";
import { COMMON_OPTIONS, openOptions, parse, portOf, UsageError, untilSignal } from "./arguments.ts";

export const PLAYGROUND_USAGE = `dynatab playground [--port 8090] [--host 127.0.0.1] [--db FILE [--relaxed] | --endpoint URL] [--region REGION]

Serves the playground on this machine and prints its address. Its databases are in the browser, unless one of these is given:

  --db FILE        the database in this file, made if there is none; the address is also an endpoint for any AWS SDK
  --endpoint URL   an endpoint of DynamoDB's API: dynatab serve, DynamoDB Local, https://dynamodb.eu-west-2.amazonaws.com
  --region REGION  the region of either; default AWS_REGION, or what the endpoint's name says, or eu-west-2

  --port PORT      default 8090; 0 takes any free one
  --host ADDRESS   default 127.0.0.1
  --relaxed        with --db: faster commits, of which a power cut may lose the last few

Requests to an endpoint are signed here, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; where there are none, with made-up
ones, which an endpoint on this machine takes. The page never has them; but whoever reaches the port can do what they allow.
`;

/** Runs until a signal ends it. */
export async function playgroundCommand(args: string[]): Promise<void> {
  const values = parse(args, {
    ...COMMON_OPTIONS,
    port: { type: "string", short: "p", default: "8090" },
    endpoint: { type: "string" },
  });
  const port = portOf(values.port);
  const { db: file, endpoint: url, host } = values;
  if (file !== undefined && url !== undefined) throw new UsageError("--db and --endpoint exclude each other");
  const serveSubject = async (subject: PlaygroundSubject, what: string) => {
    const playground = await servePlayground({ port, host, subject });
    process.stdout.write(`The playground is at ${playground.url} (${what})\n`);
    await untilSignal();
    await playground.close();
  };
  if (url !== undefined) {
    const endpoint = endpointFrom(url, values.region);
    return serveSubject({ kind: "endpoint", endpoint }, `${endpoint.url.href}, ${endpoint.region}`);
  }
  if (file === undefined) return serveSubject({ kind: "browser" }, "data in the browser");
  const db = await Dynatab.open("served", openOptions(values));
  try {
    await serveSubject({ kind: "database", db, name: basename(file) }, `data ${file}`);
  } finally {
    await db.close();
  }
}

function endpointFrom(url: string, region: string | undefined) {
  try {
    return endpointOf(url, region, process.env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
