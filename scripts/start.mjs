/**
 * `npm start [-- --port N]`: sets up what is missing, builds the package and serves the playground on localhost, printing its address.
 */
import { fail, run, step } from "./run.mjs";
import { setup } from "./setup.mjs";

function port() {
  const at = process.argv.indexOf("--port");
  return at < 0 ? 5173 : Number(process.argv[at + 1]);
}

try {
  await setup();
  await step("build", () => run("node", ["scripts/build.mjs"]));
  // Only now: it imports Vite, which set-up may just have installed.
  const { servePlayground } = await import("./playground.mjs");
  const server = await servePlayground({ server: { port: port() } });
  console.log(`\nThe playground is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it)`);
} catch (error) {
  fail(error);
}
