/**
 * `npm test`: sets up what is missing and runs every check and test.
 *
 *     npm test                    everything
 *     npm test -- rust            rustfmt, clippy, cargo test, the fuzz targets
 *     npm test -- node            biome, tsc, the build, the tests in Node
 *     npm test -- browser         the build, the tests that drive Chromium
 *     npm run test:soak [-- ...]  the same with the full counts of counts.json
 *     npm run test:bundlers       only when asked for: the packed package in a project per bundler, each driven in Chromium
 *     npm run test:browsers       only when asked for: the tests that run in every browser, in Firefox and WebKitGTK
 *
 * Every step prints its name and duration, a failing one its output (whole in test-results/). A failing step does not stop the others;
 * only what needs its result is skipped. The last line is `N passed, N failed`, summed over the test runners.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const ALWAYS = ["rust", "node", "browser"];
const GROUPS = [...ALWAYS, "bundlers", "browsers"];
const unknown = asked.filter((word) => !GROUPS.includes(word));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(", ")}. There are: ${GROUPS.join(", ")}.`);
  process.exit(2);
}
// Before counts.mjs is loaded, which reads it.
if (process.argv.includes("--soak")) process.env.DYNATAB_SOAK = "1";

const { installBrowsers } = await import("./browsers.mjs");
const { installBundlers } = await import("./bundlers.mjs");
const { countEnv, isSoak, seed } = await import("./counts.mjs");
const { fuzzBriefly } = await import("./fuzz.mjs");
const { lintSteps } = await import("./lint.mjs");
const { root, toolEnv } = await import("./paths.mjs");
const { CommandFailed, duration, run, step } = await import("./run.mjs");
const { setup } = await import("./setup.mjs");
const { sizeTable } = await import("./sizes.mjs");

const MAX_LINES_SHOWN = 300;
const results = join(root, "test-results");
const VITEST_MINUTES = { node: 10, browser: 20, bundlers: 15, browsers: 15 };
const minutes = (count) => (isSoak ? 0 : count * 60);
const env = toolEnv(countEnv());
const started = performance.now();

/** Tests counted by the runners; a failing step in which no test failed (a lint, a crash) counts as one failure. */
const total = { passed: 0, failed: 0 };
const failedSteps = [];

function countCargo(output) {
  let failed = 0;
  for (const [, passes, failures] of stripVTControlCharacters(output).matchAll(/^test result: .*?(\d+) passed; (\d+) failed/gm)) {
    total.passed += Number(passes);
    failed += Number(failures);
  }
  return failed;
}

function countVitest(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    total.passed += numPassedTests;
    return numFailedTests;
  } catch {
    return 0; // it did not get as far as its report
  }
}

async function cargoTest() {
  const args = ["test", "--locked", "--workspace", "--features", "dynatab/contract-suite", "--no-fail-fast"];
  return run("cargo", args, { env, seconds: minutes(20) });
}

async function vitest(project, choice = ["--project", project]) {
  const report = join(results, `vitest-${project}.json`);
  rmSync(report, { force: true });
  const args = ["run", ...choice, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return run("vitest", args, { env, seconds: minutes(VITEST_MINUTES[project]) });
}

const steps = [
  ...lintSteps.map((lint) => ({ ...lint, groups: [lint.group] })),
  { name: "cargo test", groups: ["rust"], work: cargoTest, count: countCargo },
  { name: "fuzz targets", groups: ["rust"], work: fuzzBriefly },
  { name: "build", groups: ["node", "browser", "bundlers", "browsers"], work: () => run("node", ["scripts/build.mjs"], { env }) },
  {
    name: "build with the contract suite",
    groups: ["node", "browser", "browsers"],
    work: () => run("node", ["scripts/build.mjs", "--test"], { env }),
  },
  {
    name: "tests in Node",
    groups: ["node"],
    needs: ["build", "build with the contract suite"],
    work: () => vitest("node"),
    count: () => countVitest(join(results, "vitest-node.json")),
  },
  {
    name: "tests in Chromium",
    groups: ["browser"],
    needs: ["build", "build with the contract suite"],
    work: () => vitest("browser"),
    count: () => countVitest(join(results, "vitest-browser.json")),
  },
  { name: "install the bundlers", groups: ["bundlers"], work: installBundlers },
  {
    name: "the package with every bundler",
    groups: ["bundlers"],
    needs: ["build", "install the bundlers"],
    work: () => vitest("bundlers"),
    count: () => countVitest(join(results, "vitest-bundlers.json")),
  },
  { name: "install the browsers", groups: ["browsers"], work: installBrowsers },
  {
    name: "tests in Firefox and WebKitGTK",
    groups: ["browsers"],
    needs: ["build", "build with the contract suite", "install the browsers"],
    work: () => vitest("browsers", ["--config", "tests-browser/browsers.config.ts"]),
    count: () => countVitest(join(results, "vitest-browsers.json")),
  },
];

function showFailure(name, error) {
  const output = error instanceof CommandFailed ? error.output : String(error?.stack ?? error);
  const log = join(results, `${name.replace(/\W+/g, "-")}.log`);
  writeFileSync(log, stripVTControlCharacters(output));
  const lines = output.trimEnd().split("\n");
  if (lines.length > MAX_LINES_SHOWN) console.log(`[...] ${lines.length - MAX_LINES_SHOWN} lines more in ${log}`);
  console.log(lines.slice(-MAX_LINES_SHOWN).join("\n"));
  console.log(`^ ${name}: ${error.message}`);
}

async function runStep({ name, work, needs = [], count = () => 0 }) {
  const broken = needs.filter((need) => failedSteps.includes(need));
  if (broken.length > 0) {
    console.log(`> ${name}: skipped, since ${broken.join(" and ")} failed`);
    failedSteps.push(name);
    total.failed += 1;
    return;
  }
  try {
    count(await step(name, work));
  } catch (error) {
    failedSteps.push(name);
    total.failed += Math.max(1, count(error.output ?? ""));
    showFailure(name, error);
  }
}

mkdirSync(results, { recursive: true });
console.log(`${isSoak ? "Soak" : "Tests"}, seed ${seed} (DYNATAB_SEED=${seed} repeats it)`);
try {
  await setup();
} catch (error) {
  showFailure("set-up", error);
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const groups = asked.length === 0 ? ALWAYS : asked;
for (const each of steps) if (each.groups.some((group) => groups.includes(group))) await runStep(each);
console.log(sizeTable());
console.log(`Took ${duration(performance.now() - started)}.${failedSteps.length > 0 ? ` Failed: ${failedSteps.join(", ")}.` : ""}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
