/** Sample data in the shape of the Music table that the AWS documentation uses; artists, songs and albums are made up here. */
import { CreateTableCommand, type CreateTableCommandInput, ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Session } from "./session.ts";

const TABLE: CreateTableCommandInput = {
  TableName: "Music",
  AttributeDefinitions: [
    { AttributeName: "Artist", AttributeType: "S" },
    { AttributeName: "SongTitle", AttributeType: "S" },
    { AttributeName: "Genre", AttributeType: "S" },
    { AttributeName: "Year", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "Artist", KeyType: "HASH" },
    { AttributeName: "SongTitle", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "GenreYear",
      KeySchema: [
        { AttributeName: "Genre", KeyType: "HASH" },
        { AttributeName: "Year", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
  BillingMode: "PAY_PER_REQUEST",
};

const SONGS: ReadonlyArray<readonly [artist: string, song: string, album: string, genre: string, year: number, awards: number]> = [
  ["The Tidal Pools", "Low Water", "Moon and Mud", "Folk", 2019, 1],
  ["The Tidal Pools", "Limpet", "Moon and Mud", "Folk", 2019, 0],
  ["The Tidal Pools", "Long Way to the Lighthouse", "Spring Tide", "Folk", 2022, 3],
  ["Paper Lanterns", "Ink", "Folded Twice", "Pop", 2016, 0],
  ["Paper Lanterns", "A Letter to the Wind", "Folded Twice", "Pop", 2016, 2],
  ["Paper Lanterns", "Night Market", "Harbour Lights", "Pop", 2021, 5],
  ["Anneke Vos", "Kanaal", "Waterland", "Jazz", 2011, 0],
  ["Anneke Vos", "Five Bridges", "Waterland", "Jazz", 2011, 4],
  ["Anneke Vos", "Half Past Rain", "Second Set", "Jazz", 2018, 1],
  ["Copper & Pine", "Sawmill Road", "Grain", "Country", 2014, 0],
  ["Copper & Pine", "Rust", "Grain", "Country", 2014, 1],
  ["Copper & Pine", "Barn Swallow", "Fence Line", "Folk", 2020, 0],
];

/** Creates the table, unless it is there, and puts the songs; says how many, and into which table. */
export async function loadSample({ client, documents }: Session): Promise<{ table: string; items: number }> {
  try {
    await client.send(new CreateTableCommand(TABLE));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await Promise.all(
    SONGS.map(([Artist, SongTitle, AlbumTitle, Genre, Year, Awards]) =>
      documents.send(new PutCommand({ TableName: "Music", Item: { Artist, SongTitle, AlbumTitle, Genre, Year, Awards } })),
    ),
  );
  return { table: "Music", items: SONGS.length };
}
