// #region ts-jest
const typescript = {
  module: 'commonjs',
  target: 'es2022',
  allowJs: true,
  esModuleInterop: true,
  isolatedModules: true,
};

module.exports = {
  testEnvironment: 'node',
  transform: { '^.+\\.[jt]s$': ['ts-jest', { tsconfig: typescript, diagnostics: false }] },
  transformIgnorePatterns: ['/node_modules/(?!(?:eventstore-actions|jose)/)'],
};
// #endregion ts-jest
