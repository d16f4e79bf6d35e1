import { expect, it } from "vitest";
import { DECIMAL_BYTES, halves, readDecimal, writeDecimal } from "../../src/bridge/decimal.ts";

const EDGES = [0n, 1n, 9n, 10n, 2n ** 16n, 2n ** 31n, 2n ** 32n, 2n ** 48n, 2n ** 53n, 10n ** 18n, 2n ** 63n - 1n];

it("64-bit integers are written as the decimal text of their value and read back", () => {
  const values = EDGES.flatMap((edge) => [edge - 1n, edge, edge + 1n, -edge - 1n, -edge, 1n - edge]);
  for (const value of [...values, -(2n ** 63n)]) {
    if (BigInt.asIntN(64, value) !== value) continue;
    const low = Number(BigInt.asIntN(32, value));
    const high = Number(BigInt.asIntN(32, value >> 32n));
    const bytes = new Uint8Array(DECIMAL_BYTES + 2).fill(35);
    const length = writeDecimal(low, high, bytes, 1);
    expect(new TextDecoder().decode(bytes.subarray(1, 1 + length))).toBe(String(value));
    expect([bytes[0], bytes[DECIMAL_BYTES + 1]], "bytes around it").toEqual([35, 35]);
    readDecimal(bytes, 1, length);
    expect([halves.low, halves.high]).toEqual([low, high]);
  }
});
