/** A request as a command of the AWS CLI, and back. */
import { STREAM_OPERATIONS } from "./operations.ts";
import { inputShape, OPERATION_NAMES, shapeNamed } from "./request-model.ts";

/** The command cannot be read. */
export class CliError extends Error {}

/** `KeyConditionExpression` is `key-condition-expression`. */
function kebab(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

function shellWord(text: string): string {
  return /^[\w.,:/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command, one option a line. */
export function cliCommand(operation: string, input: Record<string, unknown>): string {
  const service = STREAM_OPERATIONS.has(operation) ? "dynamodbstreams" : "dynamodb";
  const options = Object.entries(input).map(([name, value]) => {
    if (typeof value === "boolean") return `--${value ? "" : "no-"}${kebab(name)}`;
    return `--${kebab(name)} ${shellWord(typeof value === "string" ? value : JSON.stringify(value))}`;
  });
  return [`aws ${service} ${kebab(operation)}`, ...options].join(" \\\n  ");
}

/** The words of a command as a POSIX shell splits them; nothing is expanded. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (character === "\\") {
      if (text[at + 1] !== "\n") word = (word ?? "") + (text[at + 1] ?? "");
      at += 2;
    } else if (character === "'" || character === '"') {
      const [inner, end] = quoted(text, at);
      word = (word ?? "") + inner;
      at = end;
    } else {
      word = (word ?? "") + character;
      at += 1;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function quoted(text: string, open: number): [string, number] {
  const mark = text[open]!;
  let inner = "";
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === mark) return [inner, at + 1];
    if (mark === '"' && text[at] === "\\" && /["\\$`]/.test(text[at + 1] ?? "")) at += 1;
    inner += text[at];
  }
  throw new CliError(`A quotation mark ${mark} is not closed`);
}

function optionValue(option: string, shapeName: string, text: string | undefined): unknown {
  const shape = shapeNamed(shapeName);
  if (text === undefined) throw new CliError(`${option} needs a value`);
  if (text.startsWith("file://")) throw new CliError(`${option}: files cannot be read here; write the JSON itself`);
  if (shape?.type === "integer" || shape?.type === "long" || shape?.type === "double") return Number(text);
  if (shape?.type === "structure" || shape?.type === "list" || shape?.type === "map") {
    try {
      return JSON.parse(text);
    } catch {
      throw new CliError(`${option}: write the value as JSON; the CLI's shorthand is not read here`);
    }
  }
  return text;
}

/** Reads a command. Throws `CliError`. */
export function parseCliCommand(text: string): { operation: string; input: Record<string, unknown> } {
  const [aws, service, command, ...rest] = shellWords(text.trim());
  if (aws !== "aws" || (service !== "dynamodb" && service !== "dynamodbstreams"))
    throw new CliError('A command begins with "aws dynamodb"');
  const operation = OPERATION_NAMES.find((name) => kebab(name) === command);
  if (operation === undefined) throw new CliError(`${JSON.stringify(command ?? "")} is no operation of DynamoDB`);
  const members = Object.entries(inputShape(operation)?.members ?? {});
  const input: [string, unknown][] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const option = rest[at]!;
    const name = option.replace(/^--(no-)?/, "");
    const member = members.find(([each]) => kebab(each) === name) ?? members.find(([each]) => `no-${kebab(each)}` === option.slice(2));
    if (!option.startsWith("--") || member === undefined) throw new CliError(`${JSON.stringify(option)} is no option of ${command}`);
    if (shapeNamed(member[1])?.type === "boolean") input.push([member[0], !option.startsWith("--no-")]);
    else {
      at += 1;
      input.push([member[0], optionValue(option, member[1], rest[at])]);
    }
  }
  return { operation, input: Object.fromEntries(input) };
}
