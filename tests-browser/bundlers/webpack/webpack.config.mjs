export default {
  entry: "./main.js",
  output: { clean: true },
  devServer: { static: ".", devMiddleware: { publicPath: "/dist/" } },
  performance: { hints: false },
};
