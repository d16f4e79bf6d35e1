/**
 * Firefox and WebKitGTK, which `npm run test:browsers` drives beside Chromium: where they are, and their installation from Debian's packages.
 * Only what is missing is installed.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installDebianPackages } from "./debian.mjs";
import { ask } from "./run.mjs";

const first = (places) => places.find((place) => place && existsSync(place));

/** The path of a Firefox, or undefined. `DYNATAB_FIREFOX` names one. */
export function findFirefox() {
  return first([process.env.DYNATAB_FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"]);
}

/** The path of WebKitGTK's driver, or undefined. */
export function findWebKitDriver() {
  return first(["/usr/bin/WebKitWebDriver"]);
}

/** The path of the browser that comes with WebKitGTK, or undefined: it lies beside the library, in a folder of the processor's name. */
export function findMiniBrowser() {
  const libraries = existsSync("/usr/lib") ? readdirSync("/usr/lib") : [];
  return first(libraries.map((folder) => join("/usr/lib", folder, "webkit2gtk-4.1", "MiniBrowser")));
}

/** The path of a display that nobody sees, or undefined. */
export function findXvfb() {
  return first(["/usr/bin/Xvfb"]);
}

const PACKAGES = [
  ["firefox-esr", findFirefox],
  ["webkit2gtk-driver", findWebKitDriver],
  ["libwebkit2gtk-4.1-0", findMiniBrowser],
  ["xvfb", findXvfb],
];

/** Installs those that are not there. */
export async function installBrowsers() {
  const missing = PACKAGES.filter(([, find]) => find() === undefined).map(([name]) => name);
  if (missing.length === 0) return;
  if (!ask("apt-get", ["--version"])) throw new Error(`There is no apt here. Please install: ${missing.join(", ")}`);
  await installDebianPackages(missing);
}
