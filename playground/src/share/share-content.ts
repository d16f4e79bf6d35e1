/**
 * What a link carries: tables, items and a request, compressed in the address's hash. Everything read here comes from anybody, so it is
 * checked member by member, its size is bounded before it is unpacked, and it is never more than data.
 */
import { deflateSync, Inflate, strFromU8, strToU8 } from "fflate";
import type { Item } from "../values/attribute-value.ts";
import { itemProblems } from "../values/check-item.ts";
import { SHARE_PREFIX } from "./share-prefix.ts";

export interface SharedTable {
  /** CreateTable's input. */
  definition: { TableName: string; [member: string]: unknown };
  items: Item[];
}

export type SharedRequest = { kind: "request"; operation: string; input: Record<string, unknown> } | { kind: "code"; code: string };

export interface SharedContent {
  tables: SharedTable[];
  request?: SharedRequest;
}

/** The link carries nothing that can be read. */
export class ShareError extends Error {}

const VERSION = 1;
/** Characters of a link, and bytes it may become: a small link must not fill the memory. */
const LONGEST_LINK = 4_000_000;
const MOST_BYTES = 16_000_000;
const MOST_TABLES = 50;
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  } catch {
    throw new ShareError("The link is damaged: it is no Base64");
  }
}

/** The hash of a link that carries this. */
export function shareHash(content: SharedContent): string {
  return SHARE_PREFIX + base64url(deflateSync(strToU8(JSON.stringify({ version: VERSION, ...content })), { level: 9 }));
}

function unpacked(bytes: Uint8Array): string {
  const parts: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((part) => {
    length += part.length;
    if (length > MOST_BYTES) throw new ShareError(`The link unpacks to more than ${MOST_BYTES / 1_000_000} MB`);
    parts.push(part);
  });
  // In pieces, so that one that would become too large is noticed before it has.
  for (let at = 0; at < bytes.length; at += 4096) inflate.push(bytes.subarray(at, at + 4096), at + 4096 >= bytes.length);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return strFromU8(whole);
}

function readTable(value: unknown): SharedTable {
  if (!isObject(value) || !isObject(value.definition) || !Array.isArray(value.items))
    throw new ShareError("The link has a table that is none");
  const { definition, items } = value;
  if (typeof definition.TableName !== "string" || !TABLE_NAME.test(definition.TableName))
    throw new ShareError("The link has a table without a name");
  const problem = items.map((item) => itemProblems(item)[0]).find((found) => found !== undefined);
  if (problem !== undefined) throw new ShareError(`The link has an item that is none: ${problem.slice(0, 200)}`);
  return { definition: { ...definition, TableName: definition.TableName }, items: items as Item[] };
}

function readRequest(value: unknown): SharedRequest {
  if (isObject(value) && value.kind === "code" && typeof value.code === "string") return { kind: "code", code: value.code };
  if (
    isObject(value) &&
    value.kind === "request" &&
    typeof value.operation === "string" &&
    /^[A-Za-z]{1,64}$/.test(value.operation) &&
    isObject(value.input)
  ) {
    return { kind: "request", operation: value.operation, input: value.input };
  }
  throw new ShareError("The link has a request that is none");
}

/** Reads a hash that `shareHash` wrote, or somebody else. Throws `ShareError`. */
export function readShareHash(hash: string): SharedContent {
  if (!hash.startsWith(SHARE_PREFIX)) throw new ShareError("The link carries nothing");
  if (hash.length > LONGEST_LINK) throw new ShareError("The link is too long");
  let content: unknown;
  try {
    content = JSON.parse(unpacked(fromBase64url(hash.slice(SHARE_PREFIX.length))));
  } catch (error) {
    throw error instanceof ShareError ? error : new ShareError("The link is damaged");
  }
  if (!isObject(content) || content.version !== VERSION) throw new ShareError("The link was made by another version of the playground");
  if (!Array.isArray(content.tables) || content.tables.length > MOST_TABLES) throw new ShareError("The link's tables are none");
  const tables = content.tables.map(readTable);
  return content.request === undefined ? { tables } : { tables, request: readRequest(content.request) };
}
