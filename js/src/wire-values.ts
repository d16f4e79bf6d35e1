/**
 * Between JavaScript's values and DynamoDB's JSON: on the way in, bytes become base64 and dates epoch seconds; on the way out, the members
 * the service model declares binary or a timestamp become `Uint8Array` and `Date`. Everything else is JSON already.
 */

/** Where in a reply the values stand that are not plain JSON. Made from the service model (`generated/reply-shapes.ts`). */
export type ReplyShape =
  | "time"
  | "value"
  | { readonly list: ReplyShape }
  | { readonly map: ReplyShape }
  | { readonly members: Readonly<Record<string, ReplyShape>> };

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const CHUNK = 0x2000;

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** The bytes of a base64 text the engine wrote. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** The bytes of any binary value, or undefined for something else. */
function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return undefined;
}

/** Whether a value holds anything that JSON has no type for. Most requests do not, and then JSON.stringify needs no replacer. */
function needsConversion(value: unknown): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(needsConversion);
  if (value instanceof Date || value instanceof Set || bytesOf(value)) return true;
  for (const name in value) if (needsConversion((value as Record<string, unknown>)[name])) return true;
  return false;
}

/** JSON.stringify's replacer gets Dates and Buffers after their own `toJSON`; the value as it was is the holder's member. */
function replaceForWire(this: unknown, name: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[name];
  if (typeof original === "bigint") return original.toString();
  if (typeof original !== "object" || original === null) return value;
  if (original instanceof Date) return original.getTime() / 1000;
  if (original instanceof Set) return [...original];
  const bytes = bytesOf(original);
  return bytes ? toBase64(bytes) : value;
}

/** A request's JSON text. */
export function toWireJson(input: unknown): string {
  return needsConversion(input) ? JSON.stringify(input, replaceForWire) : JSON.stringify(input ?? {});
}

function convertValue(value: { [name: string]: Json }): void {
  for (const type in value) {
    const inner = value[type]!;
    if (type === "B") value[type] = fromBase64(inner as string) as never;
    else if (type === "BS") value[type] = (inner as string[]).map(fromBase64) as never;
    else if (type === "M") for (const member of Object.values(inner as object)) convertValue(member);
    else if (type === "L") for (const element of inner as { [name: string]: Json }[]) convertValue(element);
  }
}

function convertMember(holder: { [name: string]: Json } | Json[], name: string | number, shape: ReplyShape): void {
  const value = (holder as Record<string | number, Json>)[name];
  if (value === undefined || value === null) return;
  if (shape === "time") (holder as Record<string | number, unknown>)[name] = new Date((value as number) * 1000);
  else if (shape === "value") convertValue(value as { [name: string]: Json });
  else if ("list" in shape) for (const index of (value as Json[]).keys()) convertMember(value as Json[], index, shape.list);
  else if ("map" in shape) for (const key of Object.keys(value)) convertMember(value as { [name: string]: Json }, key, shape.map);
  else for (const member in shape.members) convertMember(value as { [name: string]: Json }, member, shape.members[member]!);
}

/** A reply's JSON text as JavaScript has it. */
export function fromWireJson(text: string, shape: ReplyShape | undefined): Record<string, unknown> {
  if (text === "") return {};
  const holder = { reply: JSON.parse(text) as Json };
  if (shape !== undefined) convertMember(holder, "reply", shape);
  return holder.reply as Record<string, unknown>;
}
