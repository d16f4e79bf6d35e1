/**
 * Writes docs/rules.md: which tests cite which behaviour rule (docs/behaviour/). `--check` fails when that page is out of date instead.
 *
 * A citation is `rule 59`, `rules 62-68, A5`, `part D on 65`, `messages-items 6` or `messages-tables 43` in a test's name, in a comment
 * inside the test, or in the comment right above it. Comments at the head of a file cite nothing: they prove nothing either.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fail } from "./run.mjs";

const root = new URL("../", import.meta.url);
const page = new URL("docs/rules.md", root);
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** Where tests are, and what their files are called there. */
const testFiles = [
  { folder: "crate/tests", matches: /\.rs$/, tests: rustTests },
  { folder: "crate/src", matches: /\.rs$/, tests: rustTests },
  { folder: "js/tests", matches: /\.test\.ts$/, tests: scriptTests },
  { folder: "tests-browser", matches: /\.test\.ts$/, tests: scriptTests },
];

/** The parts whose every rule must be cited: those of the operations that exist. */
const required = "A1 A4 A5 A6 B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 B14 C D".split(" ");

// --- Rules

/** The rules in the order of the page: `{ id, part, text }`, and the parts' headings. A part without numbered rules is one rule. */
export function readRules(text) {
  const parts = [];
  for (const line of text.split("\n")) {
    const [, id, title] = /^(?:### |## Part )([A-D]\d*)\.? (.*)/.exec(line) ?? [];
    if (id) parts.push({ id, title, text: "" });
    else if (parts.length > 0) parts.at(-1).text += `${line}\n`;
  }
  const rules = [];
  let next = 1;
  for (const part of parts) {
    // Headings of whole parts that consist of smaller ones have no rules of their own.
    if (part.id === "A" || part.id === "B") continue;
    if (!part.id.startsWith("B")) {
      rules.push({ id: part.id, part, text: part.title });
      continue;
    }
    let [start, rest] = [find(part.text, next), part.text];
    while (start >= 0) {
      rest = rest.slice(start).replace(/^\s*\d+\. /, "");
      start = find(rest, next + 1);
      rules.push({ id: String(next), part, text: (start < 0 ? rest : rest.slice(0, start)).trim() });
      next += 1;
    }
  }
  return rules;
}

/** Where rule `number` begins: at a line's start, or behind the rule before it. */
const find = (text, number) => text.search(new RegExp(`(?:^|\\s)${number}\\. `));

// --- Citations

const one = "(?:[A-D]\\d+|\\d+[a-z]?\\b|[CD]\\b)";
const list = `(${one}(?:(?:\\s*[-–]\\s*|,?\\s+and\\s+|,\\s*)${one})*)`;
const patterns = [
  { pattern: new RegExp(`\\b[Rr]ules?[ _]${list}`, "g"), id: (id) => id },
  { pattern: new RegExp(`\\bpart D on (?:rules? )?${list}`, "gi"), id: (id) => id },
  { pattern: /\bpart ([CD])\b/gi, id: (id) => id.toUpperCase() },
  { pattern: /\b(A(?:10|[1-9]))\b/g, id: (id) => id },
  { pattern: new RegExp(`\\bmessages-items(?:\\.md)?\`?,? (?:sections? |§)?${list}`, "g"), id: (id) => `items ${id}` },
  { pattern: new RegExp(`\\bmessages-tables(?:\\.md)?\`?,? (?:rows? )?${list}`, "g"), id: (id) => `tables ${id}` },
];

/** `24, 26-29, A5` as single ids. */
function expand(text) {
  return text.split(/,?\s+and\s+|,\s*/).flatMap((part) => {
    const [, from, to] = /^(\d+)\s*[-–]\s*(\d+)$/.exec(part) ?? [];
    return from ? Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => String(Number(from) + at)) : [part];
  });
}

/** The ids a text cites. */
export function citations(text) {
  const cited = patterns.flatMap(({ pattern, id }) => [...text.matchAll(pattern)].flatMap(([, ids]) => expand(ids).map(id)));
  return [...new Set(cited)];
}

// --- Tests

const comment = /(?:^|\s)\/\/(?!!)\/?(.*)$/;
const comments = (lines) => lines.map((line) => comment.exec(line)?.[1].trim() ?? ".").join(" ");

/** The lines right above `at` that are comments or attributes. */
function above(lines, at) {
  let from = at;
  while (from > 0 && /^\s*(\/\/(?!!)|#\[)/.test(lines[from - 1])) from -= 1;
  return lines.slice(from, at);
}

/** Every `#[test]` function: its name, and what is written about and in it. The formatter puts its end under its beginning. */
export function rustTests(text) {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    if (line.trim() !== "#[test]") return [];
    const start = lines.findIndex((other, index) => index > at && /^\s*(async )?fn /.test(other));
    const [, indent, name] = /^(\s*)(?:async )?fn (\w+)/.exec(lines[start]);
    const end = lines.findIndex((other, index) => index > start && other === `${indent}}`);
    return [{ name: name.replaceAll("_", " "), about: comments([...above(lines, at), ...lines.slice(at, end)]) }];
  });
}

/** Every `it(...)` and `test(...)`, also of a table. */
export function scriptTests(text) {
  const lines = text.split("\n");
  return lines.flatMap((line, start) => {
    const [, indent] = /^(\s*)(?:it|test)(?:\.\w+)*\(/.exec(line) ?? [];
    if (indent === undefined) return [];
    const closes = (other, at) => other.endsWith(";") && (at === start || new RegExp(`^${indent}[\\])}]`).test(other));
    const end = lines.findIndex((other, at) => at >= start && closes(other, at));
    const body = lines.slice(start, end + 1);
    const code = body.join("\n");
    const [, , name] = /(?:^\s*(?:it|test)(?:\.(?!each)\w+)*|\]\))\(\s*(["'`])(.*?)\1/s.exec(code) ?? [];
    return name ? [{ name, about: comments([...above(lines, start), ...body]) }] : [];
  });
}

/** Every test that cites something: `{ file, name, cites }`. */
function citingTests() {
  return testFiles.flatMap(({ folder, matches, tests }) => {
    const names = readdirSync(new URL(folder, root), { recursive: true }).map((name) => name.replaceAll("\\", "/"));
    const files = names.filter((name) => matches.test(name)).map((name) => `${folder}/${name}`);
    return files.sort().flatMap((file) =>
      tests(read(file)).flatMap(({ name, about }) => {
        const cites = citations(`${name} . ${about}`);
        return cites.length > 0 ? [{ file, name, cites }] : [];
      }),
    );
  });
}

// --- The page

const plain = (text) => text.replaceAll("`", "").replace(/[|<*_[\]\\]/g, "\\$&");

function excerpt(text) {
  const line = text.split("\n")[0].replace(/\*\*/g, "");
  if (line.length <= 90) return plain(line);
  return `${plain(line.slice(0, 90).replace(/\s+\S*$/, ""))} …`;
}

/** The tests of one rule, those of one file behind its name. */
function cell(tests) {
  const files = new Map();
  for (const { file, name } of tests) files.set(file, [...(files.get(file) ?? []), plain(name)]);
  const links = [...files].map(([file, names]) => `[${plain(file)}](../${file}): ${names.join("; ")}`);
  return links.join("<br>") || "**none**";
}

/** The text of docs/rules.md. */
export function rulesPage() {
  const rules = readRules(read("docs/behaviour/rules.md"));
  const tests = citingTests();
  const citing = (id) => tests.filter(({ cites }) => cites.includes(id));
  const missing = rules.filter(({ id, part }) => required.includes(part.id) && citing(id).length === 0);

  const out = [
    "# Which tests hold which rule",
    "",
    "Written by `node scripts/rules.mjs` from the rules of [behaviour/rules.md](behaviour/rules.md) and the tests that cite them; a test",
    "fails when this page is out of date.",
    "",
    `## Missing: rules of ${required.join(", ")} that no test cites`,
    "",
    ...(missing.length > 0 ? missing.map(({ id, text }) => `- ${id}: ${excerpt(text)}`) : ["None."]),
  ];
  const table = (rows) => ["", "| | | tests |", "| --- | --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`)];
  const group = (title, members) => {
    const rows = members.map(({ id, text }) => [id, excerpt(text), cell(citing(id))]);
    out.push("", `## ${title}`, ...table(rows));
  };
  group(
    "Parts A, C and D",
    rules.filter(({ part }) => !part.id.startsWith("B")),
  );
  const parts = new Set(rules.map(({ part }) => part).filter(({ id }) => id.startsWith("B")));
  for (const part of parts) {
    group(
      `${part.id} ${part.title}`,
      rules.filter((rule) => rule.part === part),
    );
  }
  for (const [kind, what] of [
    ["items", "section"],
    ["tables", "row"],
  ]) {
    const cited = new Set(tests.flatMap(({ cites }) => cites).filter((id) => id.startsWith(`${kind} `)));
    const ids = [...cited].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const rows = ids.map((id) => [`${what} ${id.split(" ")[1]}`, cell(citing(id))]);
    out.push("", `## [messages-${kind}](behaviour/messages-${kind}.md), as far as cited`, "", "| | tests |", "| --- | --- |");
    out.push(...rows.map((row) => `| ${row.join(" | ")} |`));
  }
  return `${out.join("\n")}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = rulesPage();
  if (!process.argv.includes("--check")) writeFileSync(fileURLToPath(page), text);
  else if (read("docs/rules.md") !== text) fail(new Error("docs/rules.md is out of date: node scripts/rules.mjs writes it"));
}
