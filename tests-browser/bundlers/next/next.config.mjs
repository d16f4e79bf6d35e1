// The bundlers are installed in a folder above this project, which is as far up as modules may be looked for.
const root = process.env.BUNDLERS_ROOT;

export default { turbopack: { root }, outputFileTracingRoot: root, output: "export" };
