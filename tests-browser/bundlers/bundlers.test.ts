/**
 * The packed package in a small project per bundler, in development and in production: each finds its worker and its WebAssembly, keeps
 * what it wrote, and talks to the AWS SDK.
 */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installBundlers } from "../../scripts/bundlers.mjs";
import { ChromiumProcess } from "../chromium-process.ts";
import type { Served } from "../folder-server.ts";
import { builtPackage } from "../page-server.ts";
import { makeProfile, removeProfile } from "../profile.ts";
import { Project, pack } from "./project.ts";

interface Bundler {
  name: string;
  /** A folder here whose files make the application this bundler's project. */
  overlay?: string;
  /** The command of its development server, `PORT` standing for the port. */
  develop?: readonly string[];
  /** The command of its production build. */
  build?: readonly string[];
  /** The folder that is served then. */
  output: string;
  /** What the page loads, where the bundler does not read pages. */
  script?: string;
}

const BUNDLERS: Bundler[] = [
  { name: "vite", develop: ["vite", "--host", "127.0.0.1", "--port", "PORT"], build: ["vite", "build"], output: "dist" },
  {
    name: "webpack",
    overlay: "webpack",
    develop: ["webpack", "serve", "--mode", "development", "--host", "127.0.0.1", "--port", "PORT"],
    build: ["webpack", "--mode", "production"],
    output: ".",
    script: "./dist/main.js",
  },
  { name: "rollup", overlay: "rollup", build: ["rollup", "--config"], output: ".", script: "./dist/main.js" },
  {
    name: "esbuild",
    overlay: "esbuild",
    develop: ["node", "build.mjs", "PORT"],
    build: ["node", "build.mjs"],
    output: ".",
    script: "./dist/main.js",
  },
  {
    // The AWS SDK needs a resolver that reads `exports`, which Parcel's does where the project asks for it.
    name: "parcel",
    overlay: "parcel",
    develop: ["parcel", "serve", "index.html", "--host", "127.0.0.1", "--port", "PORT"],
    build: ["parcel", "build", "index.html"],
    output: "dist",
  },
  {
    name: "next-turbopack",
    overlay: "next",
    develop: ["next", "dev", "--turbopack", "--hostname", "127.0.0.1", "--port", "PORT"],
    build: ["next", "build", "--turbopack"],
    output: "out",
  },
  {
    name: "next-webpack",
    overlay: "next",
    develop: ["next", "dev", "--webpack", "--hostname", "127.0.0.1", "--port", "PORT"],
    build: ["next", "build", "--webpack"],
    output: "out",
  },
  { name: "none", overlay: "plain", output: "." },
];

/** The strictest policy under which WebAssembly can run at all. The page's own scripts are named by their hashes. */
const policy = (scripts: readonly string[], blobs = "") => {
  const allowed = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`).join(" ");
  return {
    "content-security-policy": `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${allowed}; worker-src 'self' ${blobs}; connect-src 'self' ${blobs}; img-src data:`,
  };
};

const profile = makeProfile();
let browser: ChromiumProcess;
let tarball: string;

beforeAll(async () => {
  await installBundlers();
  [tarball, browser] = await Promise.all([pack(builtPackage("product")), ChromiumProcess.start(profile)]);
});

afterAll(async () => {
  await browser?.close();
  removeProfile(profile);
  if (tarball) rmSync(dirname(tarball), { recursive: true, force: true });
});

/** Opens the page twice; what the first visit wrote, the second finds. */
async function visitTwice({ address }: Served): Promise<unknown[]> {
  const page = await browser.context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const reports: unknown[] = [];
  try {
    for (const open of [() => page.goto(address), () => page.reload()]) {
      await open();
      await page.waitForFunction(() => (globalThis as { report?: unknown }).report !== undefined, undefined, { timeout: 60_000 });
      reports.push(await page.evaluate(() => (globalThis as unknown as { report: unknown }).report));
    }
    return reports;
  } catch (error) {
    throw new Error(`${String(error)}\n${complaints.join("\n")}`);
  } finally {
    await page.close();
  }
}

const visits = (count: number) => ({ persistence: "opfs", visits: String(count), inMemory: [] });

async function expectVisits(served: Served): Promise<void> {
  try {
    expect(await visitTwice(served)).toEqual([visits(1), visits(2)]);
  } finally {
    await served.stop();
  }
}

describe.each(BUNDLERS)("$name", ({ name, overlay, develop, build, output, script }) => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.make(name, tarball, { overlay, script });
  });

  afterAll(() => project?.remove());

  test.runIf(develop)("development", async () => {
    await expectVisits(await project.serveWith(develop!));
  });

  test(build ? "production" : "its files as they are", async () => {
    if (build) await project.run(build);
    await expectVisits(await project.serveFolder(output));
  });
});

describe("a strict content security policy", () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.make("policy", tarball, { overlay: "plain" });
  });

  afterAll(() => project?.remove());

  const scriptsOf = (page: string) =>
    [...readFileSync(join(project.folder, page), "utf8").matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script!);

  test("allows the package with `wasm-unsafe-eval` alone", async () => {
    await expectVisits(await project.serveFolder(".", policy(scriptsOf("index.html"))));
  });

  test("allows the single-file build with blobs, and with nothing else beside the page", async () => {
    const { folder } = project;
    const inline = join(folder, "inline");
    mkdirSync(inline);
    const page = readFileSync(join(folder, "index.html"), "utf8");
    writeFileSync(join(inline, "index.html"), page.replace("./node_modules/dynatab/dist/index.js", "./inline.js"));
    cpSync(join(folder, "node_modules", "dynatab", "dist", "inline.js"), join(inline, "inline.js"));
    for (const file of ["visit-without-sdk.js", "count-visit.js"]) cpSync(join(folder, file), join(inline, file));
    const served = await project.serveFolder("inline", policy(scriptsOf("inline/index.html"), "blob:"));
    await expectVisits(served);
  });
});

test("the configurations of docs/bundlers.md are those that are built here", () => {
  const guide = readFileSync(new URL("../../docs/bundlers.md", import.meta.url), "utf8");
  const blocks = [...guide.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)];
  expect(blocks.map(([, file]) => file)).toEqual(["rollup/rollup.config.mjs", "esbuild/build.mjs", "next/app/page.js"]);
  for (const [, file, code] of blocks) expect(code, file).toBe(readFileSync(new URL(`./${file}`, import.meta.url), "utf8"));
});
