#!/usr/bin/env node
// Writes playground/src/generated/request-model.json, what the playground's editor completes requests from, out of the service models of
// Amazon DynamoDB and DynamoDB Streams:
//
//   node scripts/generate-request-model.mjs <directory with dynamodb.service-2.json and dynamodbstreams.service-2.json>
//
// Only inputs are kept: operations, the shapes they reach, their members, enumerations and which members are required.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const model = { operations: {}, shapes: {} };

function shapeOf(shape) {
  if (shape.type === "structure") {
    const members = Object.fromEntries(Object.entries(shape.members).map(([name, { shape: type }]) => [name, type]));
    return { type: "structure", members, ...(shape.required ? { required: shape.required } : {}) };
  }
  if (shape.type === "list") return { type: "list", of: shape.member.shape };
  if (shape.type === "map") return { type: "map", of: shape.value.shape };
  return shape.enum ? { type: shape.type, enum: shape.enum } : { type: shape.type };
}

function keep(name, shapes) {
  if (model.shapes[name]) return;
  const kept = shapeOf(shapes[name]);
  model.shapes[name] = kept;
  for (const next of kept.of ? [kept.of] : Object.values(kept.members ?? {})) keep(next, shapes);
}

for (const service of ["dynamodb", "dynamodbstreams"]) {
  const { operations, shapes } = JSON.parse(readFileSync(join(process.argv[2], `${service}.service-2.json`), "utf8"));
  for (const [name, { input }] of Object.entries(operations)) {
    model.operations[name] = input?.shape ?? "";
    if (input) keep(input.shape, shapes);
  }
}
const folder = join(root, "playground", "src", "generated");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "request-model.json"), `${JSON.stringify(model)}\n`);
