#!/usr/bin/env node
// Writes docs/compatibility.md: which of DynamoDB's operations the built package answers.
//
//   node scripts/compatibility.mjs
//
// The package itself is asked, operation by operation; a test holds the page against what it answers.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

const page = join(root, "docs", "compatibility.md");

/** The service models' operations by their service's target prefix, as the package's types have them. */
function operations() {
  const source = readFileSync(join(root, "js", "src", "generated", "operations.ts"), "utf8");
  const [, members] = /export interface Operations \{(.*?)^\}/ms.exec(source);
  const streams = /STREAM_OPERATIONS[^=]*= new Set\(?[^[]*\[([^\]]*)\]/s.exec(source)[1];
  const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
  return {
    DynamoDB_20120810: names(members, /^ {2}(\w+): \{/gm),
    DynamoDBStreams_20120810: names(streams, /"(\w+)"/g),
  };
}

/** How the package answers an empty request of that operation. */
async function answers(db, target) {
  const { body } = await db.dispatch(target, "{}");
  return !new TextDecoder().decode(body).includes("#UnknownOperationException");
}

/** The page's text. */
export async function compatibility() {
  const { Dynatab } = await import(pathToFileURL(join(root, "pkg", "dist", "node.js")).href);
  const db = await Dynatab.open("compatibility");
  const rows = [];
  for (const [service, names] of Object.entries(operations())) {
    for (const name of [...names].sort()) rows.push({ name, service, answered: await answers(db, `${service}.${name}`) });
  }
  await db.close();
  const answered = rows.filter((row) => row.answered).length;
  const table = rows.map(
    ({ name, service, answered: is }) =>
      `| ${name} | ${service.startsWith("DynamoDBStreams") ? "Streams" : "DynamoDB"} | ${is ? "yes" : "no"} |`,
  );
  return `# Operations

Written by \`node scripts/compatibility.mjs\` from the built package's own answers, and checked by a test. ${answered} of ${rows.length} operations are
answered; the others are refused with \`UnknownOperationException\`. What an answered operation does is held against
[behaviour/rules.md](behaviour/rules.md); [rules.md](rules.md) names the tests of each rule, [differences.md](differences.md) where another server
answers otherwise.

| operation | service | answered |
| --- | --- | --- |
${table.join("\n")}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, await compatibility());
