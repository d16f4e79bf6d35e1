/**
 * `npm run differential -- --endpoint http://localhost:PORT [--count 20000] [--seed N]
 * [--of items,transactions,tables,control,streams]`: sends the same generated requests, good and bad,
 * to a reference server and to the package built here, and lists where the answers differ. Differences that docs/differences.md explains are
 * counted under its headings; the last line is `N requests, 0 unexplained differences` when there are no others.
 *
 * The reference server's tables are deleted first.
 */
import { parseArgs } from "node:util";
import { headingOf } from "./differential/known-differences.mjs";
import { Random } from "./differential/random.mjs";
import { HttpServer, PackageServer } from "./differential/servers.mjs";
import { areas, Session } from "./differential/session.mjs";
import { fail, run, step } from "./run.mjs";
import { setup } from "./setup.mjs";

/** Differences of one kind: how many, and the shortest request that shows it. */
class Groups {
  #groups = new Map();

  add(name, found) {
    const group = this.#groups.get(name) ?? { name, count: 0, example: found };
    group.count += 1;
    if (JSON.stringify(found.request).length < JSON.stringify(group.example.request).length) group.example = found;
    this.#groups.set(name, group);
  }

  get sorted() {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  get total() {
    return this.sorted.reduce((sum, { count }) => sum + count, 0);
  }
}

const short = (value) => {
  const text = JSON.stringify(value);
  return text.length > 1500 ? `${text.slice(0, 1500)}…` : text;
};

function printExample({ name, count, example }) {
  console.log(`\n${count} x ${name}`);
  console.log(`  request: ${short(example.request)}`);
  console.log(`  ours:    ${example.ours.status} ${short(example.ours.body)}`);
  console.log(`  theirs:  ${example.theirs.status} ${short(example.theirs.body)}`);
}

async function main() {
  const { values } = parseArgs({
    options: {
      endpoint: { type: "string" },
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: String(Date.now() % 2 ** 31) },
      of: { type: "string", default: areas.join() },
      "no-build": { type: "boolean", default: false },
    },
  });
  if (!values.endpoint) throw new Error("Which reference server? Give it as --endpoint http://localhost:PORT; its tables are deleted.");
  if (!values["no-build"]) {
    await setup();
    await step("build", () => run("node", ["scripts/build.mjs"]));
  }
  console.log(`seed ${values.seed}`);
  const known = new Groups();
  const unknown = new Groups();
  const sides = [await PackageServer.open(), new HttpServer(values.endpoint)];
  const report = (found) => {
    const heading = headingOf(found);
    if (heading) known.add(heading, found);
    else unknown.add(found.kind, found);
  };
  const session = new Session(sides, new Random(Number(values.seed)), report, values.of.split(","));
  await session.prepare();
  while (session.requests < Number(values.count)) await session.step();
  for (const side of sides) await side.close();
  for (const group of unknown.sorted) printExample(group);
  console.log("\nExplained in docs/differences.md:");
  for (const { name, count } of known.sorted) console.log(`  ${String(count).padStart(6)}  ${name}`);
  console.log(`${session.requests} requests, ${unknown.total} unexplained differences`);
  if (unknown.total > 0) process.exitCode = 1;
}

await main().catch(fail);
