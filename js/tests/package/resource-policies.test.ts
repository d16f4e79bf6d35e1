/** Resource policies through the AWS SDK, in the package as it is built (rule A6). */
import {
  CreateTableCommand,
  DeleteResourcePolicyCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { dynatab, openDatabase } from "./built-package.ts";

const policy = (action: string, resource: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: action, Resource: resource }],
  });

test("a policy is made with its table, replaced by its revision, and deleted", async () => {
  const db = await openDatabase();
  const client = new DynamoDBClient(db.clientConfig());
  const ResourceArn = "arn:aws:dynamodb:eu-west-2:000000000000:table/Music";
  const [first, second] = [policy("dynamodb:GetItem", ResourceArn), policy("dynamodb:PutItem", ResourceArn)];
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: "Music",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      ResourcePolicy: first,
    }),
  );
  expect(TableDescription?.TableArn).toBe(ResourceArn);
  const made = await client.send(new GetResourcePolicyCommand({ ResourceArn }));
  expect(made.Policy).toBe(first);
  const put = (ExpectedRevisionId: string) =>
    client.send(new PutResourcePolicyCommand({ ResourceArn, Policy: second, ExpectedRevisionId }));
  await expect(put("NO_POLICY")).rejects.toMatchObject({ name: "PolicyNotFoundException" });
  const { RevisionId } = await put(made.RevisionId!);
  expect(RevisionId).not.toBe(made.RevisionId);
  expect(await client.send(new GetResourcePolicyCommand({ ResourceArn }))).toMatchObject({ Policy: second, RevisionId });
  expect(await client.send(new DeleteResourcePolicyCommand({ ResourceArn }))).toMatchObject({ RevisionId });
  await expect(db.execute("GetResourcePolicy", { ResourceArn })).rejects.toBeInstanceOf(dynatab.PolicyNotFoundException);
});
