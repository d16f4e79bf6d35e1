/** Replacing a database as a whole: cut off at every call to a file, by a kill and by a power loss, there is the old one or the new one. */
import { describe, expect, test } from "vitest";
import { seal, sealedSize, takeIn } from "../../src/drivers/vfs/incoming.ts";
import { MemoryFile } from "../../src/drivers/vfs/memory-file.ts";
import { seeded } from "../seeded.ts";
import { RecordingFile, RecordingFiles } from "./recording-file.ts";

const MEGABYTE = 1 << 20;
const filled = (bytes: number, value: number) => new Uint8Array(bytes).fill(value);
const OLD = { database: filled(3 * MEGABYTE, 1), wal: filled(5000, 2), journal: filled(300, 3) };
const NEW = filled(2 * MEGABYTE + 12345, 4);
const sizes = [
  { name: "a smaller one", bytes: NEW },
  { name: "a larger one", bytes: filled(4 * MEGABYTE, 5) },
];

/** What is left of a file: by the process's end, or by a power loss of which every unflushed change survives or not. */
type Left = (file: RecordingFile) => Uint8Array;

interface Trial {
  files: RecordingFiles;
  incoming: RecordingFile;
}

function begin(): Trial {
  const files = new RecordingFiles(OLD);
  return { files, incoming: new RecordingFile("incoming", files.device) };
}

/** The whole way: write, seal, and take in as the next opening does. */
function replace({ files, incoming }: Trial, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += MEGABYTE) incoming.write(bytes.subarray(at, at + MEGABYTE), at);
  seal(incoming, bytes.length);
  takeIn(files, incoming);
}

/** Does as much of it as so many calls to the files allow. Gives whether it was all. */
function replaceUntil(trial: Trial, calls: number, bytes: Uint8Array): boolean {
  let made = 0;
  trial.files.device.fault = () => (made++ < calls ? undefined : "the end");
  try {
    replace(trial, bytes);
    return true;
  } catch {
    return false;
  }
}

/** What somebody finds who opens the database after that end. */
function found({ files, incoming }: Trial, left: Left): { content: Uint8Array[]; sealed: boolean } {
  const next = files.left(left);
  const beside = new RecordingFile("incoming", next.device, left(incoming));
  const sealed = sealedSize(beside) !== undefined;
  takeIn(next, beside);
  return { content: [next.database, next.journal, next.wal].map((file) => file.afterKill()), sealed };
}

describe.each(sizes)("replacing a database by $name", ({ bytes }) => {
  test.each(["kill", "power loss"] as const)("is done or not, whatever call a %s comes after", (end) => {
    const draw = seeded(7);
    const survives = () => draw() < 0.5;
    const outcomes = new Set<string>();
    for (let calls = 0; ; calls += 1) {
      const trial = begin();
      const done = replaceUntil(trial, calls, bytes);
      const { content, sealed } = found(trial, (file) => (end === "kill" ? file.afterKill() : file.afterPowerLoss(survives)));
      const wanted = sealed ? [bytes, new Uint8Array(0), new Uint8Array(0)] : [OLD.database, OLD.journal, OLD.wal];
      for (const [place, file] of content.entries()) {
        expect(Buffer.compare(file, wanted[place]!), `after ${calls} calls, sealed: ${sealed}, file ${place}`).toBe(0);
      }
      outcomes.add(sealed ? "new" : "old");
      if (done) break;
    }
    expect(outcomes).toEqual(new Set(["old", "new"]));
  });
});

test("a file without a whole seal changes nothing", () => {
  const { files, incoming } = begin();
  incoming.write(NEW, 0);
  takeIn(files, incoming);
  seal(incoming, NEW.length);
  incoming.truncate(incoming.size() - 1);
  takeIn(files, incoming);
  expect(Buffer.compare(files.database.afterKill(), OLD.database)).toBe(0);
});

describe("a file in memory", () => {
  test("reads what was written, across its pieces, and zeros where nothing was", () => {
    const file = new MemoryFile();
    file.write(filled(10, 9), MEGABYTE - 5);
    const read = new Uint8Array(20);
    expect(file.read(read, MEGABYTE - 10)).toBe(15);
    expect([...read]).toEqual([...filled(5, 0), ...filled(10, 9), ...filled(5, 0)]);
    expect(file.read(read, 2 * MEGABYTE)).toBe(0);
    expect(file.size()).toBe(MEGABYTE + 5);
  });

  test("is cut, and grows again with zeros", () => {
    const file = new MemoryFile();
    file.write(filled(2 * MEGABYTE, 9), 0);
    for (const cut of [MEGABYTE, 100, 0]) {
      file.truncate(cut);
      expect(file.size()).toBe(cut);
      file.truncate(2 * MEGABYTE);
      const read = filled(4, 7);
      file.read(read, cut);
      expect([...read]).toEqual([0, 0, 0, 0]);
    }
  });
});
