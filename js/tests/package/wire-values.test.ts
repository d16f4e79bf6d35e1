import { describe, expect, test } from "vitest";
import { errorShapes, replyShapes } from "../../src/generated/reply-shapes.ts";
import {
  ConditionalCheckFailedException,
  DynamoDBServiceError,
  serviceError,
  TransactionCanceledException,
  ValidationException,
} from "../../src/service-errors.ts";
import { fromBase64, fromWireJson, toBase64, toWireJson } from "../../src/wire-values.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

describe("a request", () => {
  test("carries any kind of bytes as base64, nested ones and Buffers included", () => {
    const item = {
      Key: { B: bytes(0, 255, 1) },
      Node: { B: Buffer.from("hi") },
      View: { B: new DataView(bytes(9, 8, 7).buffer, 1, 1) },
      Set: { BS: [bytes(1), bytes(2)] },
      Deep: { L: [{ M: { x: { B: bytes(3) } } }] },
    };
    expect(JSON.parse(toWireJson({ Item: item }))).toEqual({
      Item: {
        Key: { B: "AP8B" },
        Node: { B: "aGk=" },
        View: { B: "CA==" },
        Set: { BS: ["AQ==", "Ag=="] },
        Deep: { L: [{ M: { x: { B: "Aw==" } } }] },
      },
    });
  });

  test("carries dates as epoch seconds", () => {
    expect(toWireJson({ ExportTime: new Date(1_700_000_000_500) })).toBe('{"ExportTime":1700000000.5}');
  });

  test("without such values is plain JSON, absent members left out", () => {
    expect(toWireJson({ TableName: "T", Limit: undefined, Key: { a: { S: "ü" } } })).toBe('{"TableName":"T","Key":{"a":{"S":"ü"}}}');
    expect(toWireJson(undefined)).toBe("{}");
  });
});

describe("a reply", () => {
  test("has bytes where the model says binary, and only there", () => {
    const wire = { Item: { B: { S: "B" }, b: { B: "AP8B" }, s: { BS: ["AQ=="] }, m: { M: { B: { B: "Ag==" } } }, l: { L: [{ B: "" }] } } };
    expect(fromWireJson(JSON.stringify(wire), replyShapes.GetItem)).toEqual({
      Item: {
        B: { S: "B" },
        b: { B: bytes(0, 255, 1) },
        s: { BS: [bytes(1)] },
        m: { M: { B: { B: bytes(2) } } },
        l: { L: [{ B: bytes() }] },
      },
    });
  });

  test("keeps a table named like a member of a reply apart from the member", () => {
    const wire = { Responses: { Item: [{ CreationDateTime: { N: "1" }, b: { B: "AQ==" } }] }, UnprocessedKeys: {} };
    expect(fromWireJson(JSON.stringify(wire), replyShapes.BatchGetItem)).toEqual({
      Responses: { Item: [{ CreationDateTime: { N: "1" }, b: { B: bytes(1) } }] },
      UnprocessedKeys: {},
    });
  });

  test("has dates where the model says timestamp", () => {
    const wire = {
      Table: {
        CreationDateTime: 1_700_000_000.25,
        TableName: "T",
        GlobalSecondaryIndexes: [{ ProvisionedThroughput: { LastIncreaseDateTime: 1 } }],
      },
    };
    expect(fromWireJson(JSON.stringify(wire), replyShapes.DescribeTable)).toEqual({
      Table: {
        CreationDateTime: new Date(1_700_000_000_250),
        TableName: "T",
        GlobalSecondaryIndexes: [{ ProvisionedThroughput: { LastIncreaseDateTime: new Date(1000) } }],
      },
    });
  });

  test("without a body is an empty object (TagResource)", () => {
    expect(fromWireJson("", replyShapes.TagResource)).toEqual({});
  });
});

test("base64 goes both ways for every byte and for more bytes than a call takes arguments", () => {
  const all = new Uint8Array(70_000).map((_, index) => index);
  expect(fromBase64(toBase64(all))).toEqual(all);
  expect(toBase64(all)).toBe(Buffer.from(all).toString("base64"));
});

describe("an error", () => {
  const metadata = { httpStatusCode: 400, requestId: "R" };

  test("is of the class its type names, with the service's name, message and code", () => {
    const error = serviceError('{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}', metadata);
    expect(error).toBeInstanceOf(ValidationException);
    expect(error).toMatchObject({
      name: "ValidationException",
      code: "ValidationException",
      message: "no",
      $fault: "client",
      $metadata: metadata,
    });
  });

  test("carries the item of a failed condition, converted", () => {
    const text =
      '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed","Item":{"b":{"B":"AQ=="}}}';
    const error = serviceError(text, metadata) as ConditionalCheckFailedException;
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error.Item).toEqual({ b: { B: bytes(1) } });
  });

  test("has its message wherever the service puts it, and a transaction's reasons", () => {
    const text = JSON.stringify({
      __type: "x#TransactionCanceledException",
      Message: "cancelled",
      CancellationReasons: [{ Code: "None" }],
    });
    const error = serviceError(text, metadata) as TransactionCanceledException;
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({ message: "cancelled", CancellationReasons: [{ Code: "None" }] });
  });

  test("of a name unknown here, or that is no JSON, is still an error with what there is to say", () => {
    expect(serviceError('{"__type":"a#Brandnew","message":"m"}', metadata)).toMatchObject({ name: "Brandnew", message: "m" });
    expect(serviceError("<html>", { ...metadata, httpStatusCode: 500 })).toMatchObject({ message: "<html>", $fault: "server" });
    expect(serviceError('{"__type":"a#toString"}', metadata)).toBeInstanceOf(DynamoDBServiceError);
  });

  test("shapes exist for the two errors of the model that have more than a message", () => {
    expect(Object.keys(errorShapes).sort()).toEqual(["ConditionalCheckFailedException", "TransactionCanceledException"]);
  });
});
