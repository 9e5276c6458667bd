// #region jest
module.exports = {
  testEnvironment: 'node',
  // Two packages of ES modules, which Jest compiles as it compiles the project.
  transform: { '^.+\\.[jt]s$': ['@swc/jest', { module: { type: 'commonjs' } }] },
  transformIgnorePatterns: ['/node_modules/(?!(?:eventstore-actions|jose)/)'],
};
// #endregion jest
