import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeAnswer, decodeFrame, encodeAnswer, encodeFrame, STATUS_MALFORMED } from "../../src/bridge/frame.ts";
import { loadSqlJsAssets } from "../../src/drivers/assets-node.ts";
import { openSqlJs } from "../../src/drivers/sqljs.ts";
import { FrameRunner } from "../drivers/frame-runner.ts";
import { GOLDEN_FRAMES, MALFORMED_FRAMES } from "./golden-frames.ts";

const DIRECTORY = new URL("../../../crate/tests/golden/frames/", import.meta.url);
const UPDATING = process.env.UPDATE_GOLDEN === "1";

/** The golden file's bytes; when updating, the given ones, written first. */
function golden(file: string, bytes: Uint8Array): Uint8Array {
  const path = new URL(file, DIRECTORY);
  if (UPDATING) {
    mkdirSync(DIRECTORY, { recursive: true });
    writeFileSync(path, bytes);
  }
  return new Uint8Array(readFileSync(path));
}

describe("golden frames", () => {
  for (const { name, statements, answer } of GOLDEN_FRAMES) {
    const wants = statements.map((statement) => statement.want);

    it(`${name}: the codec writes and reads what the files hold`, () => {
      const frame = golden(`${name}.frame.bin`, encodeFrame(statements));
      expect(encodeFrame(statements)).toEqual(frame);
      expect(encodeFrame(decodeFrame(frame))).toEqual(frame);
      const answerBytes = golden(`${name}.answer.bin`, encodeAnswer(answer));
      expect(encodeAnswer(answer)).toEqual(answerBytes);
      expect(decodeAnswer(answerBytes, wants)).toEqual(answer);
    });

    it(`${name}: the executor answers with the file's bytes`, async () => {
      const runner = new FrameRunner(await openSqlJs(await loadSqlJsAssets()));
      expect(runner.runBytes(golden(`${name}.frame.bin`, encodeFrame(statements)))).toEqual(
        golden(`${name}.answer.bin`, encodeAnswer(answer)),
      );
      runner.close();
    });
  }

  it.each(Object.entries(MALFORMED_FRAMES))("malformed, %s: the executor refuses it", async (name, bytes) => {
    const runner = new FrameRunner(await openSqlJs(await loadSqlJsAssets()));
    const refused = runner.runBytes(golden(`malformed-${name}.frame.bin`, bytes));
    expect(refused[1]).toBe(STATUS_MALFORMED);
    expect(decodeAnswer(refused, [])).toMatchObject({ code: 0 });
    runner.close();
  });

  it("every file in the directory is one of these", () => {
    const known = GOLDEN_FRAMES.flatMap(({ name }) => [`${name}.frame.bin`, `${name}.answer.bin`]);
    const malformed = Object.keys(MALFORMED_FRAMES).map((name) => `malformed-${name}.frame.bin`);
    expect(
      readdirSync(DIRECTORY)
        .filter((file) => file.endsWith(".bin"))
        .sort(),
    ).toEqual([...known, ...malformed].sort());
  });
});
