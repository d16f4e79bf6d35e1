/** Songs in the shape of the Music table that DynamoDB's documentation begins with; the bands are ours. */
import type { Item } from "../values/attribute-value.ts";
import { Choice, N, S, type Sample } from "./sample.ts";

const ARTISTS = [
  { name: "The Tidal Pools", genre: "Folk", albums: ["Low Water", "Harbour Songs"] },
  { name: "Copper Kettle", genre: "Jazz", albums: ["Slow Steam", "Second Pour"] },
  { name: "Night Ferry", genre: "Electronic", albums: ["Crossing", "Cabin Lights"] },
  { name: "Mira Aldane", genre: "Folk", albums: ["Paper Orchard"] },
  { name: "The Long Division", genre: "Rock", albums: ["Remainders", "Carry the One"] },
  { name: "Orla Quist", genre: "Classical", albums: ["Etudes for a Small Room"] },
  { name: "Signal & Noise", genre: "Electronic", albums: ["Bandwidth"] },
  { name: "Brass Monkeys", genre: "Jazz", albums: ["Cold Snap", "Thaw"] },
  { name: "Gravel Road Choir", genre: "Country", albums: ["Nine Miles Out"] },
  { name: "Quiet Machines", genre: "Rock", albums: ["Idle Hands", "Warm Restart"] },
] as const;

const FIRST = [
  "Lantern",
  "Salt",
  "Paper",
  "Morning",
  "Glass",
  "Silver",
  "Hollow",
  "Winter",
  "Copper",
  "Garden",
  "River",
  "Northern",
  "Second",
  "Borrowed",
];
const SECOND = [
  "Harbour",
  "Letters",
  "Window",
  "Line",
  "Radio",
  "Weather",
  "Country",
  "Avenue",
  "Clock",
  "Signal",
  "Bridge",
  "Tide",
  "Hours",
  "Light",
];

function songs(): Item[] {
  const choice = new Choice(11);
  const found = new Map<string, Item>();
  for (const { name, genre, albums } of ARTISTS) {
    for (const [order, album] of albums.entries()) {
      const year = 2004 + choice.number(0, 12) + order * 4;
      const tracks = choice.number(6, 9);
      for (let track = 1; track <= tracks; track += 1) {
        const title = `${choice.of(FIRST)} ${choice.of(SECOND)}`;
        found.set(`${name}/${title}`, {
          Artist: S(name),
          SongTitle: S(title),
          AlbumTitle: S(album),
          Genre: S(genre),
          Year: N(year),
          Track: N(track),
          Seconds: N(choice.number(130, 420)),
          Price: N(choice.of([0.79, 0.99, 1.29])),
          ...(choice.number(0, 4) === 0 ? { Awards: N(choice.number(1, 4)) } : {}),
          Tags: { SS: choice.some(["live", "acoustic", "remaster", "single", "bonus", "duet"], choice.number(1, 3)) },
          Credits: {
            M: { Producer: S(choice.of(["A. Finch", "R. Okafor", "L. Winther"])), Studio: S(choice.of(["Mill Lane", "Dock 9"])) },
          },
        });
      }
    }
  }
  return [...found.values()];
}

export const music: Sample = {
  id: "music",
  title: "Music",
  description: "Songs by artist and title, with an index by genre and year: the table DynamoDB's documentation begins with.",
  tables: [
    {
      definition: {
        TableName: "Music",
        KeySchema: [
          { AttributeName: "Artist", KeyType: "HASH" },
          { AttributeName: "SongTitle", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "Artist", AttributeType: "S" },
          { AttributeName: "SongTitle", AttributeType: "S" },
          { AttributeName: "Genre", AttributeType: "S" },
          { AttributeName: "Year", AttributeType: "N" },
          { AttributeName: "AlbumTitle", AttributeType: "S" },
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
        LocalSecondaryIndexes: [
          {
            IndexName: "ByAlbum",
            KeySchema: [
              { AttributeName: "Artist", KeyType: "HASH" },
              { AttributeName: "AlbumTitle", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["Track", "Seconds"] },
          },
        ],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      },
      items: songs,
    },
  ],
};
