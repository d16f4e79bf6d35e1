/** How long it takes from nothing to the first answer: the figures, and the titles they go by. */

/** Milliseconds of every repeat. */
export interface FirstAnswerResult {
  readonly title: string;
  /** From `Dynatab.open` to the answer to the first request. */
  readonly fromOpen: readonly number[];
  /** The same from the page's address, or from the process's start: everything is loaded in it. */
  readonly fromStart: readonly number[];
}

/** One repeat. */
export interface FirstAnswer {
  readonly fromOpen: number;
  readonly fromStart: number;
}

/** The first request of a database that is new. */
export const FIRST_REQUEST = {
  TableName: "First",
  AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
} as const;

/** A way of coming to a first answer. */
export interface FirstKind {
  readonly title: string;
  measure(repeat: number): Promise<FirstAnswer>;
}

/** Measures all kinds, in turns. */
export async function measureFirst(kinds: readonly FirstKind[], repeats: number): Promise<FirstAnswerResult[]> {
  const results = kinds.map(({ title }) => ({ title, fromOpen: [] as number[], fromStart: [] as number[] }));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [at, kind] of kinds.entries()) {
      const { fromOpen, fromStart } = await kind.measure(repeat);
      results[at]!.fromOpen.push(fromOpen);
      results[at]!.fromStart.push(fromStart);
    }
  }
  return results;
}
