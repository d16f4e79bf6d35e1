/** When an open connection copies its log into the database. */
import { expect, test } from "vitest";
import { DriverConnection } from "../../src/connection.ts";
import type { SqliteDriver } from "../../src/drivers/driver.ts";

/** A connection whose log has as many bytes as is said, and how often it was copied. */
function logged(walBytes: number, checkpointDue: boolean) {
  let copied = 0;
  const driver = {
    usable: true,
    memory: new WebAssembly.Memory({ initial: 1 }),
    api: { malloc: () => 8 },
    checkpointDue,
    walBytes: () => walBytes,
    checkpoint() {
      copied += 1;
    },
  };
  return { connection: new DriverConnection(driver as unknown as SqliteDriver), copied: () => copied };
}

test.each([
  { walBytes: 0, checkpointDue: false, worked: 0, stepped: 0, idle: 0 },
  { walBytes: 100 << 10, checkpointDue: false, worked: 0, stepped: 0, idle: 1 },
  { walBytes: 600 << 10, checkpointDue: false, worked: 0, stepped: 1, idle: 1 },
  { walBytes: 3 << 20, checkpointDue: true, worked: 1, stepped: 1, idle: 1 },
])("a log of $walBytes bytes is copied early behind the engine's own work, late behind requests, and whatever it is when idle", (then) => {
  for (const moment of ["worked", "stepped", "idle"] as const) {
    const { connection, copied } = logged(then.walBytes, then.checkpointDue);
    connection[moment]();
    expect(copied(), moment).toBe(then[moment]);
  }
});
