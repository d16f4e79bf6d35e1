/** A request as a program for the AWS SDK for JavaScript v3. */
import { STREAM_OPERATIONS } from "./operations.ts";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** A member's name as JavaScript reads it. `__proto__` would be the prototype without brackets. */
function nameText(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

/** Binary is Base64 on the wire and bytes in the SDK. */
function binaryText(name: string, value: unknown): string | undefined {
  const bytes = (text: unknown) => `Uint8Array.from(atob(${JSON.stringify(text)}), (each) => each.charCodeAt(0))`;
  if (name === "B" && typeof value === "string") return bytes(value);
  return name === "BS" && Array.isArray(value) ? `[${value.map(bytes).join(", ")}]` : undefined;
}

/** A value as a JavaScript literal. */
export function literal(value: unknown, indent = ""): string {
  if (Array.isArray(value))
    return wrapped(
      "[",
      "]",
      value.map((each) => literal(each, `${indent}  `)),
      indent,
    );
  if (!isObject(value)) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).map(
    ([name, each]) => `${nameText(name)}: ${binaryText(name, each) ?? literal(each, `${indent}  `)}`,
  );
  return wrapped("{", "}", members, indent);
}

function wrapped(open: string, close: string, parts: string[], indent: string): string {
  if (parts.length === 0) return open + close;
  const space = open === "{" ? " " : "";
  const short = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (indent !== "" && short.length < 70 && !short.includes("\n")) return short;
  return `${open}\n${parts.map((part) => `${indent}  ${part},\n`).join("")}${indent}${close}`;
}

/** The program. */
export function sdkCode(operation: string, input: unknown): string {
  const stream = STREAM_OPERATIONS.has(operation);
  const client = stream ? "DynamoDBStreamsClient" : "DynamoDBClient";
  return `import { ${client}, ${operation}Command } from "@aws-sdk/client-dynamodb${stream ? "-streams" : ""}";

const client = new ${client}({});
const response = await client.send(new ${operation}Command(${literal(input)}));
console.log(response);
`;
}
