/** A page that is not served securely has no private file system, and is told so. */
import { expect, test } from "vitest";
import { useChromium } from "./browser-site.ts";
import type { api } from "./pages/database.ts";

const INSECURE_HOST = "insecure.test";
const site = useChromium([`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`]);

test("a page that is not served securely gets a database in memory, and is told why", async () => {
  const tab = await site().open<typeof api>("database", "product", INSECURE_HOST);
  expect(await tab.page.evaluate(() => isSecureContext)).toBe(false);
  const { value } = await tab.call("open", "fallback");
  expect(value).toMatchObject({ persistence: "memory", reason: expect.stringContaining("HTTPS") });
  expect(await tab.call("execute", "ListTables", {})).toMatchObject({ TableNames: [] });
  await tab.close();
});
