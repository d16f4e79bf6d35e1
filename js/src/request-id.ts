/** Request ids as DynamoDB has them: 52 characters of `0-9A-Z` (behaviour rule 114). */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const COUNTED = 8;
const RANDOM = 52 - COUNTED;

let prefix = "";
let counter = 0;

/** A new id: a random part for this thread, and a counter, because 52 random characters for every request would cost more than the request. */
export function newRequestId(): string {
  if (prefix === "") {
    for (const byte of crypto.getRandomValues(new Uint8Array(RANDOM))) prefix += ALPHABET[byte % ALPHABET.length];
  }
  counter += 1;
  return prefix + counter.toString(36).toUpperCase().padStart(COUNTED, "0");
}
