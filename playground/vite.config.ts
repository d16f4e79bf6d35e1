/**
 * The playground as Vite serves and builds it. `dynatab` is the package as it was built into `pkg/`, taken through its own `exports` like
 * anybody's; nothing of `js/src` gets into the page by another way.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const inCheckout = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export default defineConfig({
  resolve: { alias: [{ find: /^dynatab$/, replacement: inCheckout("pkg") }] },
  server: { fs: { allow: [inCheckout("playground"), inCheckout("pkg"), inCheckout("node_modules")] } },
  // Named, so that they are ready before the first page asks and it need not be loaded twice.
  optimizeDeps: { include: ["@aws-sdk/client-dynamodb", "@aws-sdk/lib-dynamodb"] },
  worker: { format: "es" },
  build: { outDir: inCheckout("dist/playground"), emptyOutDir: true, target: "es2022" },
});
