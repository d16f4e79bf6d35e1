/** The playground's sandbox runtime as one text: what a program for the AWS SDK runs on, bundled for a classic worker, SDK included. */
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../paths.mjs";
import { TARGET } from "./bundle.mjs";

/** The text, and esbuild's account of what went into it. */
export async function sdkRuntime() {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, "playground", "src", "sandbox", "sdk-runtime.ts")],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: TARGET,
    legalComments: "none",
    metafile: true,
  });
  return { text: outputFiles[0].text, metafile };
}
