#!/usr/bin/env node
// Writes docs/api.md, the reference of the package's API, from the types and their comments in js/src.
//
//   node scripts/api-reference.mjs
//
// The TypeScript compiler reads what the entry points export; a test says when the page is not what it would write now.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { root } from "./paths.mjs";

const ENTRIES = [
  { title: "`dynatab`, in browsers", file: join(root, "js", "src", "index.ts") },
  { title: "`dynatab/node`, in Node", file: join(root, "js", "src", "node", "index.ts") },
  { title: "`dynatab/playground`, in browsers", file: join(root, "playground", "src", "element.tsx") },
];
/** A type with more members than this is one a machine made: its comment says what is in it. */
const MOST_MEMBERS = 40;
const CODE_WIDTH = 120;

/** The comment of a symbol, its links as code. */
const comment = (symbol, checker) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

/** A declaration's text on one line if it is short enough, without its comments. */
function flat(text) {
  const line = text
    .replace(/\/\*\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/, \}/g, " }")
    .trim();
  return line.length <= CODE_WIDTH ? line : text.replace(/^\s*\/\*\*.*?\*\/\n/gms, "").trim();
}

/** A class's or function's declaration without what it does. */
function signature(node) {
  const text = node.getText();
  const end = node.body?.getStart() ?? node.initializer?.getStart();
  const head = end === undefined ? text : text.slice(0, end - node.getStart()).replace(/=\s*$/, "");
  return flat(
    head.replace(/^(export |async |static async |static )+/, (words) => (words.includes("static") ? "static " : "")).replace(/;$/, ""),
  );
}

const isPublic = (node) =>
  !ts.isPrivateIdentifier(node.name ?? {}) &&
  !ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal") &&
  !(ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));

/** Lines about the members of a class: signature, then comment. */
function classMembers(node, checker) {
  const lines = [];
  const overloaded = new Set(
    node.members.filter((member) => ts.isMethodDeclaration(member) && !member.body).map((member) => member.name.getText()),
  );
  for (const member of node.members) {
    const name = member.name?.getText();
    if (!isPublic(member) || ts.isConstructorDeclaration(member) || (member.body && overloaded.has(name))) continue;
    const told = ts.getJSDocCommentsAndTags(member).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
    const symbol = checker.getSymbolAtLocation(member.name);
    lines.push("```ts", signature(member), "```", "", told.join("\n") || (symbol ? comment(symbol, checker) : ""), "");
  }
  return lines;
}

/** One exported symbol. */
function entry(name, symbol, checker) {
  const node = symbol.declarations?.[0];
  const told = comment(symbol, checker);
  const lines = [`### ${name}`, "", told, ""];
  if (ts.isClassDeclaration(node)) {
    const heritage = node.heritageClauses?.map((clause) => clause.getText()).join(" ") ?? "";
    lines.push("```ts", `class ${name} ${heritage}`.trim(), "```", "", ...classMembers(node, checker));
  } else if (ts.isInterfaceDeclaration(node)) {
    const heritage = node.heritageClauses?.map((clause) => clause.getText()).join(" ") ?? "";
    if (node.members.length > MOST_MEMBERS) return lines;
    lines.push("```ts", `interface ${name} ${heritage}`.trim(), "```", "");
    for (const member of node.members) {
      const about = ts.getJSDocCommentsAndTags(member).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
      lines.push(
        `- \`${flat(member.getText()).replace(/\s+/g, " ").replace(/;$/, "")}\`${about.length > 0 ? `: ${about.join(" ").replace(/\s+/g, " ")}` : ""}`,
      );
    }
    lines.push("");
  } else if (ts.isTypeAliasDeclaration(node)) {
    lines.push("```ts", flat(node.getText().replace(/^export /, "")), "```", "");
  } else {
    lines.push("```ts", signature(node), "```", "");
  }
  return lines;
}

/** Errors are many and alike: a table. */
function errorTable(errors, checker) {
  const rows = errors.map(([name, symbol]) => `| \`${name}\` | ${comment(symbol, checker).replace(/\s+/g, " ")} |`);
  return ["### Errors", "", "| class | what it says |", "| --- | --- |", ...rows, ""];
}

/** The page's text. */
export function apiReference() {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([...ENTRIES.map(({ file }) => file), join(root, "js", "src", "glue.d.ts")], options);
  const checker = program.getTypeChecker();
  const lines = [
    "# API reference",
    "",
    "Written by `node scripts/api-reference.mjs` from the package's types, and checked by a test. What several entry points export is described once.",
    "",
  ];
  const known = new Map();
  for (const { title, file } of ENTRIES) {
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
    const resolved = exported.map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ]);
    const fresh = resolved.filter(([name, symbol]) => known.get(name) !== symbol).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, symbol] of resolved) known.set(name, symbol);
    const isError = ([name, symbol]) => /(Error|Exception)$/.test(name) && ts.isClassDeclaration(symbol.declarations[0]);
    lines.push(`## ${title}`, "");
    for (const [name, symbol] of fresh.filter((each) => !isError(each))) lines.push(...entry(name, symbol, checker));
    const errors = fresh.filter(isError);
    if (errors.length > 0) lines.push(...errorTable(errors, checker));
  }
  return `${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, "docs", "api.md"), apiReference());
