/**
 * Finds the Chromium that the tests drive, and the switches it runs with. `DYNATAB_CHROMIUM` names one; otherwise Playwright's own where
 * it has been installed, otherwise the system's.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const SYSTEM_PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/opt/google/chrome/chrome"];

function playwrightsOwn() {
  try {
    return createRequire(import.meta.url)("playwright-core").chromium.executablePath();
  } catch {
    return undefined; // before `npm ci`, or where Playwright has no build for this system
  }
}

/** The path of a Chromium or Chrome, or undefined. */
export function findChromium() {
  return [process.env.DYNATAB_CHROMIUM, playwrightsOwn(), ...SYSTEM_PLACES].find((path) => path && existsSync(path));
}

/** What every test browser is started with. The sandbox cannot be had as root, and nothing here loads a page from outside. */
export const chromiumArgs = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--headless=new",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
