// #region webpack
module.exports = {
  mode: 'production',
  target: 'node20',
  entry: './out/main.js',
  output: { path: __dirname, filename: 'webpack.cjs' },
};
// #endregion webpack
