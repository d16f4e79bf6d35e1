import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CommandFailed, duration, run } from "../run.mjs";

/** Whether a process runs. Where nobody reaps orphans, a killed one stays as a zombie: that is not running. */
function running(pid) {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("run", () => {
  it("returns everything a command printed", async () => {
    expect(await run("sh", ["-c", "echo out; echo err >&2"])).toMatch(/out[\s\S]*err|err[\s\S]*out/);
  });

  it("rejects with the command's output when it fails", async () => {
    const error = await run("sh", ["-c", "echo what went wrong; exit 3"]).catch((reason) => reason);
    expect(error).toBeInstanceOf(CommandFailed);
    expect(error.message).toContain("code 3");
    expect(error.output).toContain("what went wrong");
  });

  it("rejects when there is no such command", async () => {
    await expect(run("dynatab-no-such-command", [])).rejects.toBeInstanceOf(CommandFailed);
  });

  it("kills what the command has started too when its time is over", async () => {
    const error = await run("sh", ["-c", "sleep 60 & echo $!; wait"], { seconds: 1 }).catch((reason) => reason);
    expect(error.message).toContain("a kill after 1 s");
    const grandchild = Number(error.output.trim());
    expect(grandchild).toBeGreaterThan(0);
    await expect.poll(() => running(grandchild)).toBe(false);
  });
});

describe("duration", () => {
  it("changes from seconds to minutes at two minutes", () => {
    expect(duration(119_900)).toBe("119.9 s");
    expect(duration(125_900)).toBe("2 min 05 s");
  });
});
