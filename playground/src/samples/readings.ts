/** A hundred thousand small items, to see what a large table feels like. */
import type { Item } from "../values/attribute-value.ts";
import { Choice, N, S, type Sample } from "./sample.ts";

const SENSORS = 200;
const EACH = 500;

function items(): Item[] {
  const choice = new Choice(73);
  return Array.from({ length: SENSORS * EACH }, (_, at) => ({
    Sensor: S(`sensor-${String(at % SENSORS).padStart(3, "0")}`),
    Taken: N(1_735_700_000 + Math.floor(at / SENSORS) * 600),
    Celsius: N(choice.number(-80, 340) / 10),
    Humidity: N(choice.number(20, 99)),
    Battery: N(choice.number(5, 100)),
    Place: S(choice.of(["roof", "cellar", "garden", "hall"])),
  }));
}

export const readings: Sample = {
  id: "readings",
  title: "100,000 readings",
  description: "Sensor readings, 200 sensors with 500 each: for trying what a large table feels like.",
  tables: [
    {
      definition: {
        TableName: "Readings",
        KeySchema: [
          { AttributeName: "Sensor", KeyType: "HASH" },
          { AttributeName: "Taken", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "Sensor", AttributeType: "S" },
          { AttributeName: "Taken", AttributeType: "N" },
        ],
        BillingMode: "PAY_PER_REQUEST",
      },
      items,
    },
  ],
};
