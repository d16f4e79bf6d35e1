/**
 * `npm start [-- --port N]`: sets up what is missing, builds the package and serves the playground on localhost, printing its address
 * (and opening it, on a desktop).
 */
import { fail, run, step } from "./run.mjs";
import { setup } from "./setup.mjs";

function port() {
  const at = process.argv.indexOf("--port");
  return at < 0 ? 5173 : Number(process.argv[at + 1]);
}

/** Whether somebody sits at this machine, for whom the page can be opened. */
function hasDesktop() {
  if (!process.stdout.isTTY || process.env.SSH_CONNECTION) return false;
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

try {
  await setup();
  await step("build", () => run("node", ["scripts/build.mjs"]));
  // Only now: it imports Vite, which set-up may just have installed.
  const { servePlayground } = await import("./playground.mjs");
  const server = await servePlayground({ server: { port: port(), open: hasDesktop() } });
  console.log(`\nThe playground is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it)`);
} catch (error) {
  fail(error);
}
