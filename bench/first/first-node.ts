/** The first answer of a Node process that does nothing else. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { FIRST_REQUEST, type FirstAnswer, type FirstAnswerResult, measureFirst } from "./first.ts";

const runFile = promisify(execFile);

/** What the process runs. Its clock began when it was started. */
function program(packageDir: string, file: string | undefined): string {
  const entry = pathToFileURL(join(packageDir, "dist", "node.js")).href;
  return `
    import { Dynatab } from ${JSON.stringify(entry)};
    const started = performance.now();
    const db = await Dynatab.open("first", ${JSON.stringify(file === undefined ? {} : { file })});
    await db.execute("CreateTable", ${JSON.stringify(FIRST_REQUEST)});
    const answered = performance.now();
    await db.close();
    console.log(JSON.stringify({ fromOpen: answered - started, fromStart: answered }));
  `;
}

export async function measureFirstInNode(packageDir: string, repeats: number): Promise<FirstAnswerResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "dynatab-bench-"));
  const run = async (file: string | undefined): Promise<FirstAnswer> => {
    const { stdout } = await runFile(process.execPath, ["--input-type=module", "--eval", program(packageDir, file)]);
    return JSON.parse(stdout) as FirstAnswer;
  };
  try {
    return await measureFirst(
      [
        { title: "Node, in memory", measure: () => run(undefined) },
        { title: "Node, in a file", measure: (repeat) => run(join(folder, String(repeat))) },
      ],
      repeats,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
