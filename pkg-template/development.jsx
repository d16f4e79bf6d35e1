// The package for development servers. The name ends in .jsx because Vite's dependency optimiser moves .js modules into a folder of its own,
// away from the worker and the WebAssembly beside them, and leaves .jsx modules where they are. There is no JSX in it.
export * from "./dist/index.js";
