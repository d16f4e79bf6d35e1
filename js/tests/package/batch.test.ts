import { describe, expect, test } from "vitest";
import {
  answersInOrder,
  BatchWriter,
  countRequests,
  MalformedBatch,
  packExcerpts,
  packReplies,
  readReplies,
  readRequests,
  replyExtents,
  requestExtents,
} from "../../src/batch.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("a packed batch", () => {
  test("gives back the requests written, whatever their bodies are made of", () => {
    const writer = new BatchWriter();
    const bodies = ["", "{}", '{"näme":"日本語 \u{1F600}"}', "x".repeat(100_000)];
    bodies.forEach((body, index) => {
      writer.add(index + 7, `DynamoDB_20120810.Op${index}`, body);
      writer.add(index + 100, "T", new TextEncoder().encode(body));
    });
    const read = readRequests(writer.take());
    expect(read.map(({ id, target, body }) => [id, target, text(body)])).toEqual(
      bodies.flatMap((body, index) => [
        [index + 7, `DynamoDB_20120810.Op${index}`, body],
        [index + 100, "T", body],
      ]),
    );
  });

  test("starts empty again after it was taken", () => {
    const writer = new BatchWriter();
    writer.add(1, "A", "1");
    writer.take();
    expect(writer.count).toBe(0);
    expect(readRequests(writer.take())).toEqual([]);
  });

  test("has the layout of the protocol, byte by byte", () => {
    const writer = new BatchWriter();
    writer.add(0x01020304, "AB", "{}");
    expect([...writer.take()]).toEqual([1, 0, 0, 0, 4, 3, 2, 1, 2, 0, 65, 66, 2, 0, 0, 0, 123, 125]);
  });

  test("copies a body at once, so that the caller may change or transfer it", () => {
    const writer = new BatchWriter();
    const body = new TextEncoder().encode("before");
    writer.add(1, "A", body);
    body.fill(0);
    expect(text(readRequests(writer.take())[0]!.body)).toBe("before");
  });

  test("holds texts that need more bytes than they have characters, wherever its room ends", () => {
    for (let length = 0; length < 40; length += 1) {
      const writer = new BatchWriter();
      const bodies = [`${"x".repeat(1000 + length)}\u{1F600}\ud800é`, "日本語".repeat(2000)];
      for (const [id, body] of bodies.entries()) writer.add(id, "T", body);
      expect(readRequests(writer.take()).map(({ body }) => text(body))).toEqual(bodies.map((body) => text(new TextEncoder().encode(body))));
    }
  });

  test("is written into a buffer that is free, unless that is smaller than its own or far too large", () => {
    const writer = new BatchWriter();
    const free = new ArrayBuffer(5000);
    writer.reuse(free);
    writer.reuse(new ArrayBuffer(4000));
    writer.reuse(new ArrayBuffer(100 << 20));
    writer.add(1, "A", "first");
    writer.reuse(new ArrayBuffer(6000));
    const batch = writer.take();
    expect(batch.buffer).toBe(free);
    expect(text(readRequests(batch)[0]!.body)).toBe("first");
    writer.add(2, "A", "second");
    expect(writer.take().buffer).not.toBe(free);
  });

  test("knows the replies that answer it one by one", () => {
    const writer = new BatchWriter();
    for (const id of [5, 6]) writer.add(id, "A", "");
    const batch = writer.take();
    const replies = (...ids: number[]) => packReplies(ids.map((id) => ({ id, status: 200, body: new Uint8Array() })));
    expect(countRequests(batch)).toBe(2);
    expect(answersInOrder(batch, replies(5, 6))).toBe(true);
    for (const others of [[], [5], [6], [6, 5], [5, 5], [5, 6, 6]]) expect(answersInOrder(batch, replies(...others))).toBe(false);
  });

  test("is refused when it is cut off anywhere, or has bytes too many", () => {
    const writer = new BatchWriter();
    writer.add(1, "Target", "body");
    writer.add(2, "Target", "another body");
    const batch = writer.take();
    for (let length = 0; length < batch.length; length++) {
      expect(() => requestExtents(batch.subarray(0, length)), `${length} bytes`).toThrow(MalformedBatch);
    }
    expect(() => requestExtents(new Uint8Array([...batch, 0]))).toThrow(MalformedBatch);
    expect(() => requestExtents(new Uint8Array([255, 255, 255, 255, 0, 0]))).toThrow(MalformedBatch);
  });
});

describe("packed replies", () => {
  const replies = [
    { id: 3, status: 200, body: new TextEncoder().encode("{}") },
    { id: 1, status: 400, body: new TextEncoder().encode('{"__type":"x"}') },
    { id: 2, status: 200, body: new Uint8Array() },
  ];

  test("give back what was packed, in order", () => {
    expect(readReplies(packReplies(replies)).map(({ id, status, body }) => [id, status, text(body)])).toEqual([
      [3, 200, "{}"],
      [1, 400, '{"__type":"x"}'],
      [2, 200, ""],
    ]);
  });

  test("get new ids when all of them are taken over, the source staying as it was", () => {
    const source = packReplies(replies);
    const before = source.slice();
    const other = packExcerpts(replyExtents(source).map((extent) => ({ source, extent, id: extent.id + 10 })));
    expect(readReplies(other).map(({ id, body }) => [id, text(body)])).toEqual([
      [13, "{}"],
      [11, '{"__type":"x"}'],
      [12, ""],
    ]);
    expect(source).toEqual(before);
  });

  test("can be put together anew from parts of others, under other ids", () => {
    const source = packReplies(replies);
    const [first, second] = replyExtents(source);
    const other = packExcerpts([
      { source, extent: second!, id: 9 },
      { source, extent: first!, id: 8 },
    ]);
    expect(readReplies(other).map(({ id, status, body }) => [id, status, text(body)])).toEqual([
      [9, 400, '{"__type":"x"}'],
      [8, 200, "{}"],
    ]);
  });
});
