/** `npx dynatab`: the package's commands. */
import { DynatabError } from "../errors.ts";
import { UsageError } from "./cli/arguments.ts";
import { PLAYGROUND_USAGE, playgroundCommand } from "./cli/playground-command.ts";
import { SERVE_USAGE, serveCommand } from "./cli/serve-command.ts";

const COMMANDS: Record<string, { usage: string; run: (args: string[]) => Promise<void> }> = {
  serve: { usage: SERVE_USAGE, run: serveCommand },
  playground: { usage: PLAYGROUND_USAGE, run: playgroundCommand },
};

/** Runs the command line and resolves with the process's exit code: when a signal has ended what it began. */
export async function main(args: string[]): Promise<number> {
  const [name = "", ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const usage = command?.usage ?? `${SERVE_USAGE}\n${PLAYGROUND_USAGE}`;
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    if (!command) throw new UsageError(`Unknown command: ${name || "none given"}`);
    await command.run(rest);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}`);
    else if (error instanceof DynatabError) process.stderr.write(`${error.message}\n`);
    else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
}
