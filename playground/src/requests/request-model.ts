/** The service model's part that requests are made of (`scripts/generate-request-model.mjs`), for completion and for the AWS CLI. */
import model from "../generated/request-model.json";

export interface Shape {
  type: "structure" | "list" | "map" | "string" | "integer" | "long" | "double" | "boolean" | "blob" | "timestamp";
  members?: Record<string, string>;
  required?: string[];
  of?: string;
  enum?: string[];
}

const shapes = model.shapes as Record<string, Shape>;
const inputs = model.operations as Record<string, string>;

/** Every operation's name, in alphabetical order. */
export const OPERATION_NAMES: readonly string[] = Object.keys(inputs).sort();

/** A shape by name. */
export function shapeNamed(name: string | undefined): Shape | undefined {
  return name !== undefined && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
}

/** The shape of an operation's input. */
export function inputShape(operation: string): Shape | undefined {
  return shapeNamed(Object.hasOwn(inputs, operation) ? inputs[operation] : undefined);
}

/** The shape at a path inside an input: names of members and of map entries, numbers for places in lists. */
export function shapeAt(operation: string, path: readonly (string | number)[]): Shape | undefined {
  let shape = inputShape(operation);
  for (const part of path) {
    if (shape?.type === "structure") shape = shapeNamed(Object.hasOwn(shape.members ?? {}, part) ? shape.members![part] : undefined);
    else if (shape?.type === "list" || shape?.type === "map") shape = shapeNamed(shape.of);
    else return undefined;
  }
  return shape;
}
