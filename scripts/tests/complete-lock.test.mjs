import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { completeLock, platformOf } from "../complete-lock.mjs";

describe("package-lock.json", () => {
  const text = readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8");

  it("names the binaries of every platform, so that npm ci takes it everywhere", () => {
    expect(completeLock(JSON.parse(text))).toEqual([]);
  });

  it("names no registry host", () => {
    expect(text).not.toContain('"resolved"');
  });

  it("pins every version of package.json exactly", () => {
    const { devDependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    for (const version of Object.values(devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("platformOf", () => {
  it("reads system, processor and C library from a package's name", () => {
    expect(platformOf("@rollup/rollup-linux-arm64-musl")).toEqual({ os: ["linux"], cpu: ["arm64"], libc: ["musl"] });
    expect(platformOf("@rollup/rollup-linux-arm-gnueabihf")).toEqual({ os: ["linux"], cpu: ["arm"], libc: ["glibc"] });
    expect(platformOf("@biomejs/cli-win32-x64")).toEqual({ os: ["win32"], cpu: ["x64"] });
    expect(platformOf("nanoid")).toBeUndefined();
  });
});
