/** Forum, Thread and Reply: three tables in the shapes of DynamoDB's documentation, about gardens and bicycles. */
import type { Item } from "../values/attribute-value.ts";
import { Choice, N, S, type Sample } from "./sample.ts";

const FORUMS = [
  { name: "Vegetable Garden", category: "Outdoors" },
  { name: "Bicycle Workshop", category: "Workshop" },
  { name: "Bread and Sourdough", category: "Kitchen" },
  { name: "Amateur Astronomy", category: "Outdoors" },
];
const PEOPLE = ["mira", "jonas", "adaeze", "tomasz", "lucia", "henrik", "noor", "pell"];
const SUBJECTS = [
  "Where to begin",
  "Tools worth having",
  "What went wrong this month",
  "Show your results",
  "Questions from beginners",
  "Seasonal advice",
];
const SENTENCES = [
  "Start small and write everything down.",
  "I had the same problem until I changed the order of the steps.",
  "A photograph would help.",
  "Two weeks later it still holds.",
  "The second attempt was much better than the first.",
  "Check the temperature before anything else.",
  "There is a good chapter about this in the library's copy.",
];

interface Posts {
  threads: Item[];
  replies: Item[];
}

function posts(): Posts {
  const choice = new Choice(23);
  const day = (count: number) => new Date(Date.UTC(2025, 2, 1) + count * 3_600_000 * 7).toISOString();
  const threads: Item[] = [];
  const replies: Item[] = [];
  for (const { name } of FORUMS) {
    for (const [at, subject] of SUBJECTS.entries()) {
      const count = choice.number(2, 9);
      threads.push({
        ForumName: S(name),
        Subject: S(subject),
        Message: S(choice.of(SENTENCES)),
        LastPostedBy: S(choice.of(PEOPLE)),
        LastPostedDateTime: S(day(at * 20 + count)),
        Views: N(choice.number(3, 900)),
        Replies: N(count),
        Answered: { BOOL: choice.number(0, 1) === 1 },
        Tags: { SS: choice.some(["howto", "repair", "photo", "spring", "autumn"], 2) },
      });
      for (let reply = 1; reply <= count; reply += 1) {
        replies.push({
          Id: S(`${name}#${subject}`),
          ReplyDateTime: S(day(at * 20 + reply)),
          Message: S(choice.of(SENTENCES)),
          PostedBy: S(choice.of(PEOPLE)),
        });
      }
    }
  }
  return { threads, replies };
}

const key = (AttributeName: string, KeyType: "HASH" | "RANGE") => ({ AttributeName, KeyType });
const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" });

export const forum: Sample = {
  id: "forum",
  title: "Forum",
  description: "Forum, Thread and Reply: three related tables, with an index by date and one by author.",
  tables: [
    {
      definition: {
        TableName: "Forum",
        KeySchema: [key("Name", "HASH")],
        AttributeDefinitions: [text("Name")],
        BillingMode: "PAY_PER_REQUEST",
      },
      items: () => FORUMS.map(({ name, category }) => ({ Name: S(name), Category: S(category), Threads: N(SUBJECTS.length) })),
    },
    {
      definition: {
        TableName: "Thread",
        KeySchema: [key("ForumName", "HASH"), key("Subject", "RANGE")],
        AttributeDefinitions: [text("ForumName"), text("Subject"), text("LastPostedDateTime")],
        LocalSecondaryIndexes: [
          {
            IndexName: "LastPostIndex",
            KeySchema: [key("ForumName", "HASH"), key("LastPostedDateTime", "RANGE")],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        ],
        BillingMode: "PAY_PER_REQUEST",
      },
      items: () => posts().threads,
    },
    {
      definition: {
        TableName: "Reply",
        KeySchema: [key("Id", "HASH"), key("ReplyDateTime", "RANGE")],
        AttributeDefinitions: [text("Id"), text("ReplyDateTime"), text("PostedBy")],
        GlobalSecondaryIndexes: [
          {
            IndexName: "PostedByIndex",
            KeySchema: [key("PostedBy", "HASH"), key("ReplyDateTime", "RANGE")],
            Projection: { ProjectionType: "ALL" },
          },
        ],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      },
      items: () => posts().replies,
    },
  ],
};
