/** Request ids as DynamoDB has them: 52 characters of `0-9A-Z` (behaviour rule 114). */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Counters of as many digits: one more begins another random part. */
const FIRST = 10_000_000;
const LAST = 99_999_999;
const RANDOM = 52 - String(FIRST).length;

let prefix = "";
let counter = LAST;

/** A new id: a random part for this thread, and a counter, because 52 random characters for every request would cost more than the request. */
export function newRequestId(): string {
  if (counter === LAST) {
    prefix = "";
    for (const byte of crypto.getRandomValues(new Uint8Array(RANDOM))) prefix += ALPHABET[byte % ALPHABET.length];
    counter = FIRST;
  }
  counter += 1;
  return prefix + counter;
}
