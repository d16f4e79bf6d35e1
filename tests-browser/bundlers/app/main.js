import { visit } from "./visit.js";

// Without a top-level await: not every bundler's development server can do it.
visit()
  .catch((error) => ({ error: `${error.name}: ${error.message}` }))
  .then((report) => {
    globalThis.report = report;
  });
