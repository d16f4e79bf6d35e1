#!/usr/bin/env node
// Writes crate/src/api/generated/ from the service models of Amazon DynamoDB and DynamoDB Streams.
//
//   node scripts/generate-api.mjs <directory with dynamodb.service-2.json and dynamodbstreams.service-2.json>
//
// The output is checked in, so neither the build nor the tests need the models. Only what a request can contain is kept: the operations the
// engine answers, the shapes reachable from their inputs, their constraints, and the errors' names. Everything is indices into a few flat
// tables, because the tables end up in the WebAssembly module.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LINE = 132;

/** What the engine answers. Of any other operation it need know nothing to refuse it as unknown; the tables of all 66 are 9 kB larger, 3 in brotli. */
const ANSWERED = new Set(
  `BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteResourcePolicy DeleteTable DescribeEndpoints DescribeLimits DescribeStream
  DescribeTable DescribeTimeToLive GetItem GetRecords GetResourcePolicy GetShardIterator ListStreams ListTables ListTagsOfResource PutItem
  PutResourcePolicy Query Scan TagResource TransactGetItems TransactWriteItems UntagResource UpdateItem UpdateTable UpdateTimeToLive`.split(
    /\s+/,
  ),
);

/** Where the service prints an enumeration in another order than the model lists it (behaviour rule 84). */
const ENUM_ORDER = {
  ComparisonOperator: ["IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS"],
  ConditionalOperator: ["OR", "AND"],
  ProjectionType: ["ALL", "INCLUDE", "KEYS_ONLY"],
  ReturnValue: ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"],
  ScalarAttributeType: ["B", "N", "S"],
  Select: ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
};

/** The patterns of what the engine answers, and the variant of `Pattern` that checks each. */
const PATTERNS = new Map([["[a-zA-Z0-9_.-]+", "Name"]]);

/** Shapes whose constraint is checked where items are read (65,535 bytes): without it here, the constraint walk skips every item. */
const UNCONSTRAINED = new Set(["AttributeName"]);

const KINDS = {
  structure: "Structure",
  list: "List",
  map: "Map",
  string: "String",
  integer: "Integer",
  long: "Long",
  double: "Double",
  boolean: "Boolean",
  blob: "Blob",
  timestamp: "Timestamp",
};

function readModels(directory) {
  return ["dynamodb", "dynamodbstreams"].map((name) => JSON.parse(readFileSync(join(directory, `${name}.service-2.json`), "utf8")));
}

/** A model's operations that the engine answers: [name, operation]. */
function answered(model) {
  return Object.entries(model.operations).filter(([name]) => ANSWERED.has(name));
}

/** Names of the shapes reachable from the inputs of a model, in the order they are first met. */
function reachable(model) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const shape = model.shapes[name];
    for (const member of Object.values(shape.members ?? {})) visit(member.shape);
    for (const part of ["key", "value", "member"]) if (shape[part]) visit(shape[part].shape);
  };
  for (const [, operation] of answered(model)) visit(operation.input.shape);
  return [...seen];
}

/** What a shape says, without documentation: two models' shapes of one name must agree to be one. */
function facts(shape) {
  return JSON.stringify({
    type: shape.type,
    required: shape.required,
    members: Object.entries(shape.members ?? {}).map(([name, member]) => [name, member.shape]),
    parts: [shape.key?.shape, shape.value?.shape, shape.member?.shape],
    limits: [shape.min, shape.max, shape.pattern, shape.enum],
  });
}

function collectShapes(models) {
  const shapes = new Map();
  for (const model of models) {
    for (const name of reachable(model)) {
      const shape = model.shapes[name];
      const known = shapes.get(name);
      if (known && facts(known) !== facts(shape)) throw new Error(`the two models disagree about ${name}`);
      shapes.set(name, shape);
    }
  }
  return new Map([...shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Gives shapes that differ in name only one row: `(shapes) -> Map(name -> name of the one that stands for it)`. */
function merge(shapes) {
  const spell = (name) => {
    const shape = shapes.get(name);
    if (shape.type === "structure") return name;
    const limits = UNCONSTRAINED.has(name) ? [] : [shape.min, shape.max, shape.pattern, ENUM_ORDER[name] ?? shape.enum];
    const parts = [shape.key, shape.value, shape.member].map((part) => part && spell(part.shape));
    return JSON.stringify([shape.type, limits, parts]);
  };
  const standing = new Map();
  const bySpelling = new Map();
  for (const name of shapes.keys()) {
    const spelling = spell(name);
    if (!bySpelling.has(spelling)) bySpelling.set(spelling, name);
    standing.set(name, bySpelling.get(spelling));
  }
  return standing;
}

/** Names of the shapes that have a constraint or a required member themselves or anywhere below. */
function constrained(shapes) {
  const found = new Set();
  const own = (name, shape) =>
    !UNCONSTRAINED.has(name) &&
    (shape.min !== undefined || shape.max !== undefined || shape.pattern || shape.enum || shape.required?.length);
  for (const [name, shape] of shapes) if (own(name, shape)) found.add(name);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, shape] of shapes) {
      if (found.has(name)) continue;
      const parts = [...Object.values(shape.members ?? {}), shape.key, shape.value, shape.member];
      if (parts.some((part) => part && found.has(part.shape))) {
        found.add(name);
        grew = true;
      }
    }
  }
  return found;
}

/** One string in which every given text occurs, and where. */
function poolTexts(texts) {
  let pool = "";
  const byLength = [...new Set(texts)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  for (const text of byLength) if (!pool.includes(text)) pool += text;
  const rust = (text) => `t(${pool.indexOf(text)}, ${text.length})`;
  return { pool, rust };
}

function wrap(items, indent = "    ") {
  const lines = [];
  let line = indent;
  for (const item of items) {
    if (line.length + item.length + 1 > LINE) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${item} `;
  }
  lines.push(line.trimEnd());
  return lines.join("\n");
}

const HEADER = (what) => `//! ${what}
//!
//! Generated by \`scripts/generate-api.mjs\` from the service models of Amazon DynamoDB (Apache-2.0); changes belong there.

`;

function writeShapes(shapes) {
  const standing = merge(shapes);
  const names = [...new Set(standing.values())];
  const position = new Map(names.map((name, i) => [name, i]));
  const index = new Map([...standing].map(([name, stands]) => [name, position.get(stands)]));
  const isConstrained = constrained(shapes);
  const enumsOf = (name) => ENUM_ORDER[name] ?? shapes.get(name).enum ?? [];
  const texts = [];
  for (const name of names) {
    const shape = shapes.get(name);
    // Only structures are named in messages (Java class names).
    if (shape.type === "structure") texts.push(name);
    texts.push(...Object.keys(shape.members ?? {}), ...enumsOf(name));
  }
  const { pool, rust: text } = poolTexts(texts);
  if (pool.length > 0xffff) throw new Error("the text pool outgrew its 16-bit offsets");

  let members = 0;
  let words = 0;
  const memberLines = [];
  const wordLines = [];
  const shapeLines = [];
  for (const name of names) {
    const shape = shapes.get(name);
    let first = 0;
    let second = 0;
    if (shape.type === "structure") {
      const entries = Object.entries(shape.members ?? {});
      [first, second] = [members, entries.length];
      members += entries.length;
      const required = new Set(shape.required ?? []);
      const rows = entries.map(([member, { shape: of }]) => {
        const row = required.has(member) ? "r" : "o";
        return `${row}(${text(member)}, ${index.get(of)}),`;
      });
      if (rows.length > 0) memberLines.push(`    // ${name}`, wrap(rows));
    } else if (shape.type === "list") {
      first = index.get(shape.member.shape);
    } else if (shape.type === "map") {
      [first, second] = [index.get(shape.value.shape), index.get(shape.key.shape)];
    } else if (shape.enum) {
      const order = enumsOf(name);
      if ([...order].sort().join() !== [...shape.enum].sort().join()) throw new Error(`enum order of ${name} is stale`);
      [first, second] = [words, order.length];
      words += order.length;
      wordLines.push(`    // ${name}`, wrap(order.map((word) => `${text(word)},`)));
    }
    const free = UNCONSTRAINED.has(name);
    if (shape.pattern && !PATTERNS.has(shape.pattern)) throw new Error(`no Pattern variant for ${shape.pattern} (${name})`);
    const limit = (value) => (free || value === undefined ? "NONE" : value.toLocaleString("en").replaceAll(",", "_"));
    const limits = [limit(shape.min), limit(shape.max)];
    const fields = [
      shape.type === "structure" ? text(name) : "t(0, 0)",
      KINDS[shape.type],
      `${first}, ${second}`,
      limits.join(", "),
      shape.pattern && !free ? `Some(Pattern::${PATTERNS.get(shape.pattern)})` : "None",
      isConstrained.has(name),
    ];
    shapeLines.push(`    s(${fields.join(", ")}), // ${index.get(name)} ${name}`);
  }

  const kinds = [...new Set(names.map((name) => KINDS[shapes.get(name).type]))].sort();
  const poolLines = [];
  for (let at = 0; at < pool.length; at += LINE - 10) poolLines.push(`    ${pool.slice(at, at + LINE - 10)}\\`);
  const membersFile = `${HEADER("The names in requests: members of structures and values of enumerations.")}use crate::api::shape::{MemberRow, Text, optional as o, required as r, text as t};

/// Every name once; the tables point into it.
#[rustfmt::skip]
pub(in crate::api) static TEXT: &str = "\\
${poolLines.join("\n")}
";

/// Members of the structures, structure after structure.
#[rustfmt::skip]
pub(in crate::api) static MEMBERS: [MemberRow; ${members}] = [
${memberLines.join("\n")}
];

/// Values of the enumerations, in the order the service prints them.
#[rustfmt::skip]
pub(in crate::api) static WORDS: [Text; ${words}] = [
${wordLines.join("\n")}
];
`;
  const shapesFile = `${HEADER("The shapes a request can contain, as a flat table of indices.")}use crate::api::pattern::Pattern;
use crate::api::shape::Kind::{${kinds.join(", ")}};
use crate::api::shape::{NONE, ShapeRow, shape as s, text as t};

/// The shapes, by name. Structure: first member, number of members. List: element. Map: value, key. String with an enumeration: first
/// word, number of words. Then least and most, the pattern, and whether anything in it is constrained.
#[rustfmt::skip]
pub(in crate::api) static SHAPES: [ShapeRow; ${names.length}] = [
${shapeLines.join("\n")}
];
`;
  return { membersFile, shapesFile, index };
}

function writeOperations(models, index) {
  const rows = [];
  for (const model of models) {
    for (const [name, operation] of answered(model)) {
      rows.push({ name, target: model.metadata.targetPrefix, input: index.get(operation.input.shape) });
    }
  }
  rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  const variants = rows.map(({ name }) => `    /// \`${name}\`.\n    ${name},`);
  const lines = rows.map(({ name, target, input }) => {
    const service = target.startsWith("DynamoDBStreams") ? "STREAMS" : "DYNAMODB";
    return `    row("${name}", Operation::${name}, ${service}, ${input}),`;
  });
  const [dynamodb, streams] = models.map((model) => model.metadata.targetPrefix);
  return `${HEADER("The operations of both services that the engine answers.")}use crate::api::operation::{OperationRow, row};

/// Target prefix of Amazon DynamoDB.
pub const DYNAMODB: &str = "${dynamodb}";
/// Target prefix of Amazon DynamoDB Streams.
pub const STREAMS: &str = "${streams}";

/// An operation of Amazon DynamoDB or Amazon DynamoDB Streams.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operation {
${variants.join("\n")}
}

/// The operations in the order of the enum, which is that of their names.
#[rustfmt::skip]
pub(in crate::api) static OPERATIONS: [OperationRow; ${rows.length}] = [
${lines.join("\n")}
];
`;
}

function writeErrors(models) {
  const errors = new Map();
  for (const model of models) {
    const declared = answered(model).flatMap(([, operation]) => operation.errors ?? []);
    for (const { shape: name } of declared) {
      const shape = model.shapes[name];
      const variant = name.replace(/Exception$/, "");
      const field = shape.members && "Message" in shape.members ? "Message" : "message";
      errors.set(variant, { name, field, fault: Boolean(shape.fault) });
    }
  }
  const sorted = [...errors].sort(([a], [b]) => (a < b ? -1 : 1));
  const variants = sorted.map(([variant, { name }]) => `    /// \`${name}\`.\n    ${variant},`);
  const names = sorted.map(([variant, { name }]) => `            Self::${variant} => "${name}",`);
  const capital = sorted.filter(([, { field }]) => field === "Message").map(([variant]) => `Self::${variant}`);
  const faults = sorted.filter(([, { fault }]) => fault).map(([variant]) => `Self::${variant}`);
  return `${HEADER("The errors the service models declare of what the engine answers.")}/// An error declared by the service models; \`ValidationException\` and the protocol's own errors are not among them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ModelledError {
${variants.join("\n")}
}

impl ModelledError {
    /// The error's name on the wire, after \`com.amazonaws.dynamodb.v20120810#\`.
    #[rustfmt::skip]
    pub const fn name(self) -> &'static str {
        match self {
${names.join("\n")}
        }
    }

    /// Whether the message travels as \`Message\` instead of \`message\` (rule 115).
    #[rustfmt::skip]
    pub const fn capital_message(self) -> bool {
        matches!(self, ${capital.join(" | ")})
    }

    /// Whether it is the service's fault: status 500 instead of 400.
    #[rustfmt::skip]
    pub const fn is_fault(self) -> bool {
        matches!(self, ${faults.join(" | ")})
    }
}
`;
}

const directory = process.argv[2];
if (!directory) {
  console.error("usage: node scripts/generate-api.mjs <directory with the service models>");
  process.exit(2);
}
const models = readModels(directory);
const shapes = collectShapes(models);
const { membersFile, shapesFile, index } = writeShapes(shapes);
const target = join(dirname(fileURLToPath(import.meta.url)), "../crate/src/api/generated");
mkdirSync(target, { recursive: true });
const files = {
  "members.rs": membersFile,
  "shapes.rs": shapesFile,
  "operations.rs": writeOperations(models, index),
  "errors.rs": writeErrors(models),
};
for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(target, name), text);
  console.log(`${name}: ${text.split("\n").length - 1} lines`);
}
