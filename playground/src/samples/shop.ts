/** An online shop in a single table: customers, their addresses and orders, order lines, products and reviews; two overloaded indexes. */
import type { Item } from "../values/attribute-value.ts";
import { Choice, N, S, type Sample } from "./sample.ts";

const FIRST = [
  "Ada",
  "Bela",
  "Chidi",
  "Dora",
  "Emre",
  "Freya",
  "Goran",
  "Hana",
  "Ines",
  "Jakub",
  "Kaia",
  "Lev",
  "Mina",
  "Nils",
  "Oona",
  "Pavel",
];
const LAST = ["Amsel", "Brook", "Castell", "Dahl", "Eriksen", "Faber", "Grau", "Holm"];
const CITIES = ["Leeds", "Gent", "Porto", "Tartu", "Graz", "Malmo"];
const GOODS = [
  "Desk lamp",
  "Notebook",
  "Enamel mug",
  "Wool blanket",
  "Fountain pen",
  "Bread knife",
  "Tea kettle",
  "Linen apron",
  "Wall clock",
  "Garden trowel",
  "Cast-iron pan",
  "Field bag",
];
const COLOURS = ["slate", "ochre", "moss", "brick"];
const STATUSES = ["PLACED", "PAID", "SHIPPED", "DELIVERED", "RETURNED"];
const VERDICTS = [
  "Exactly as described.",
  "Sturdy, and it ages well.",
  "Smaller than I thought.",
  "Would buy again.",
  "The colour differs a little.",
];

const padded = (value: number, width = 3) => String(value).padStart(width, "0");

function products(choice: Choice): Item[] {
  return GOODS.flatMap((name, at) =>
    COLOURS.slice(0, choice.number(2, 4)).map((colour, variant) => {
      const sku = `${padded(at + 1)}-${variant + 1}`;
      return {
        PK: S(`PRODUCT#${sku}`),
        SK: S(`PRODUCT#${sku}`),
        GSI1PK: S(`CATEGORY#${at % 2 === 0 ? "Home" : "Kitchen"}`),
        GSI1SK: S(`PRODUCT#${name}#${colour}`),
        Type: S("Product"),
        Name: S(name),
        Colour: S(colour),
        Price: N(choice.number(6, 140) + 0.95),
        Stock: N(choice.number(0, 80)),
      };
    }),
  );
}

function orderOf(customer: number, number: number, goods: Item[], choice: Choice): Item[] {
  const order = `ORDER#${padded(customer)}${padded(number, 2)}`;
  const placed = new Date(Date.UTC(2025, 0, 6) + choice.number(0, 200) * 86_400_000).toISOString().slice(0, 10);
  const status = choice.of(STATUSES);
  const lines = choice.some(goods, choice.number(1, 4)).map((product, at): Item => {
    const sku = (product.PK as { S: string }).S;
    return {
      PK: S(order),
      SK: S(`LINE#${at + 1}`),
      GSI1PK: S(sku),
      GSI1SK: S(`${order}#${at + 1}`),
      Type: S("OrderLine"),
      Name: product.Name!,
      Price: product.Price!,
      Quantity: N(choice.number(1, 3)),
    };
  });
  const total = lines.reduce((sum, line) => sum + Number((line.Price as { N: string }).N) * Number((line.Quantity as { N: string }).N), 0);
  const head: Item = {
    PK: S(`CUSTOMER#${padded(customer)}`),
    SK: S(order),
    GSI1PK: S(order),
    GSI1SK: S(order),
    GSI2PK: S(`STATUS#${status}`),
    GSI2SK: S(placed),
    Type: S("Order"),
    Status: S(status),
    Placed: S(placed),
    Total: N(Math.round(total * 100) / 100),
    Lines: N(lines.length),
  };
  return [head, ...lines];
}

function customerItems(customer: number, choice: Choice): Item[] {
  const id = `CUSTOMER#${padded(customer)}`;
  const name = `${choice.of(FIRST)} ${choice.of(LAST)}`;
  const email = `${name.toLowerCase().replace(" ", ".")}@mail.example`;
  return [
    {
      PK: S(id),
      SK: S("PROFILE"),
      GSI1PK: S(`EMAIL#${email}`),
      GSI1SK: S(id),
      Type: S("Customer"),
      Name: S(name),
      Email: S(email),
      Newsletter: { BOOL: choice.number(0, 1) === 1 },
    },
    {
      PK: S(id),
      SK: S("ADDRESS#home"),
      Type: S("Address"),
      City: S(choice.of(CITIES)),
      Street: S(`${choice.of(["Mill", "Station", "Orchard", "Quay"])} ${choice.number(1, 90)}`),
    },
  ];
}

function review(product: Item, customer: number, choice: Choice): Item {
  const stars = choice.number(2, 5);
  return {
    PK: product.PK!,
    SK: S(`REVIEW#${padded(customer)}`),
    GSI1PK: S(`CUSTOMER#${padded(customer)}`),
    GSI1SK: S(`REVIEW#${(product.PK as { S: string }).S}`),
    GSI2PK: S(`STARS#${stars}`),
    GSI2SK: S((product.PK as { S: string }).S),
    Type: S("Review"),
    Stars: N(stars),
    Text: S(choice.of(VERDICTS)),
  };
}

function items(): Item[] {
  const choice = new Choice(41);
  const goods = products(choice);
  const found = [...goods];
  for (let customer = 1; customer <= 24; customer += 1) {
    found.push(...customerItems(customer, choice));
    const orders = choice.number(1, 4);
    for (let order = 1; order <= orders; order += 1) found.push(...orderOf(customer, order, goods, choice));
    for (const product of choice.some(goods, choice.number(0, 2))) found.push(review(product, customer, choice));
  }
  return found;
}

const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" });
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: "HASH" },
  { AttributeName: sort, KeyType: "RANGE" },
];

export const shop: Sample = {
  id: "shop",
  title: "Online shop",
  description: "A single table of six entity types (customers, addresses, orders, lines, products, reviews) with two overloaded indexes.",
  tables: [
    {
      definition: {
        TableName: "Shop",
        KeySchema: keys("PK", "SK"),
        AttributeDefinitions: ["PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"].map(text),
        GlobalSecondaryIndexes: [
          { IndexName: "GSI1", KeySchema: keys("GSI1PK", "GSI1SK"), Projection: { ProjectionType: "ALL" } },
          { IndexName: "GSI2", KeySchema: keys("GSI2PK", "GSI2SK"), Projection: { ProjectionType: "ALL" } },
        ],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      },
      items,
    },
  ],
};
