/** The driver contract, which Node runs too, in a browser's worker: sql.js in memory and wa-sqlite on the origin's private file system. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { driverContractCases } from "../js/tests/drivers/contract.ts";
import { type Tab, useSite } from "./browser-site.ts";
import type { api } from "./pages/contract.ts";
import { drivers } from "./test-browser.ts";

const site = useSite();

describe.each(drivers)("%s", (driver) => {
  let tab: Tab<typeof api>;
  beforeAll(async () => {
    tab = await site().open<typeof api>("contract", "test");
  });
  afterAll(() => tab.close());

  const cases = driverContractCases.filter(({ persistentOnly }) => driver === "wa-sqlite" || persistentOnly !== true);
  test.each(cases.map(({ name }) => name))("%s", async (name) => {
    expect(await tab.call("run", { suite: "driver", driver, name })).toBeNull();
  });
});
