/**
 * Assertions for the contract cases, which run in Node and in a browser's worker alike and so may not use the test runner's own.
 */

/** Throws unless both are deeply equal: values, arrays, plain objects and byte arrays. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!same(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

export function isTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => same(left[key as keyof typeof left], right[key as keyof typeof right]));
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, member: unknown) => (typeof member === "bigint" ? `${member}n` : member)) ?? String(value);
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}
