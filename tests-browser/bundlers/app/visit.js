// A visit that is written through the AWS SDK, in every project here that has a bundler.
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { countVisit } from "./count-visit.js";

export const visit = () => countVisit((db, input) => new DynamoDBClient(db.clientConfig()).send(new UpdateItemCommand(input)));
