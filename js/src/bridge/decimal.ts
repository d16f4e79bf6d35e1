/**
 * 64-bit integers as decimal text, in bytes: for builds of SQLite without 64-bit bindings. No string and no bigint is made.
 */

/** The longest text: a sign and 19 digits. */
export const DECIMAL_BYTES = 20;

/** Writes the integer with the given halves as decimal text at `at` (of `DECIMAL_BYTES` room) and gives the text's length. */
export function writeDecimal(low: number, high: number, to: Uint8Array, at: number): number {
  const negative = high < 0;
  // Two's complement: the magnitude of i64::MIN still fits 64 unsigned bits.
  let limb0 = low & 0xffff;
  let limb1 = low >>> 16;
  let limb2 = high & 0xffff;
  let limb3 = high >>> 16;
  if (negative) {
    limb0 = (limb0 ^ 0xffff) + 1;
    limb1 = (limb1 ^ 0xffff) + (limb0 >>> 16);
    limb2 = (limb2 ^ 0xffff) + (limb1 >>> 16);
    limb3 = ((limb3 ^ 0xffff) + (limb2 >>> 16)) & 0xffff;
    limb0 &= 0xffff;
    limb1 &= 0xffff;
    limb2 &= 0xffff;
  }
  let end = at + DECIMAL_BYTES;
  do {
    let rest = limb3 % 10;
    limb3 = (limb3 / 10) | 0;
    rest = rest * 65536 + limb2;
    limb2 = (rest / 10) | 0;
    rest = (rest % 10) * 65536 + limb1;
    limb1 = (rest / 10) | 0;
    rest = (rest % 10) * 65536 + limb0;
    limb0 = (rest / 10) | 0;
    end -= 1;
    to[end] = 48 + (rest % 10);
  } while ((limb0 | limb1 | limb2 | limb3) !== 0);
  if (negative) {
    end -= 1;
    to[end] = 45;
  }
  const length = at + DECIMAL_BYTES - end;
  to.copyWithin(at, end, end + length);
  return length;
}

/** The halves of the last text read: a pair would be an object per value. */
export const halves = { low: 0, high: 0 };

/** Reads decimal text of an integer that fits 64 bits into `halves`. */
export function readDecimal(from: Uint8Array, at: number, length: number): void {
  const negative = from[at] === 45;
  let low = 0;
  let high = 0;
  for (let index = negative ? at + 1 : at; index < at + length; index += 1) {
    const next = low * 10 + ((from[index] as number) - 48);
    const carry = Math.floor(next / 4294967296);
    low = next - carry * 4294967296;
    high = high * 10 + carry;
  }
  if (negative) {
    low = (~low + 1) >>> 0;
    high = low === 0 ? ~high + 1 : ~high;
  }
  halves.low = low | 0;
  halves.high = high | 0;
}
