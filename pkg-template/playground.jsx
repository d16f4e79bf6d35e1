// The playground's element for development servers; why its name ends in .jsx is said in development.jsx. There is no JSX in it.
export * from "./dist/playground/playground.js";
