import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { noDialling } from './.ci/dialling.js';
import { flaky, flakyPage } from './.ci/flaky.js';
import {
  everywhere,
  noBareText,
  noBarrel,
  noDynamicImport,
  noTextOfThrown,
  onlyBarrel,
} from './.ci/syntax.js';

/** The files of src behind the subpaths of package.json, e.g. `stores/sqlite/index.ts`. */
const publicFiles = Object.values(
  JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).exports,
)
  .filter((entry) => typeof entry !== 'string')
  .map((entry) => entry.default.replace('./dist/', '').replace(/\.js$/, '.ts'));

const node = 'node:*';
const pure = ['immer', 'zod'];
/**
 * Who may import what. A place of src may import itself, errors.ts, ports.ts and lib, and besides only the files and
 * packages that its row names. The last row that holds for a file decides; a place without a row may import nothing.
 *
 * @type {readonly (readonly [place: string, files: readonly string[], packages: readonly string[]])[]}
 */
// prettier-ignore
export const places = [
  // place                      files of src                                                                         packages
  ['errors.ts',                 [],                                                                                  []],
  ['ports.ts',                  [],                                                                                  []],
  ['lib',                       [],                                                                                  [...pure, node]],
  ['limits.ts',                 [],                                                                                  pure],
  ['decider.ts',                [],                                                                                  pure],
  ['events',                    [],                                                                                  [node]],
  ['target',                    ['decider.ts'],                                                                      pure],
  ['execution',                 ['decider.ts', 'target'],                                                            pure],
  ['routing',                   ['limits.ts', 'decider.ts', 'target', 'execution'],                                  [...pure, node]],
  ['routing/conditionIndex.ts', ['decider.ts', 'target', 'execution', 'routing/rows'],                               pure],
  ['routing/rows',              ['decider.ts', 'target', 'execution'],                                               pure],
  ['commands',                  ['limits.ts', 'decider.ts', 'target', 'execution', 'routing'],                       [...pure, node]],
  ['signing',                   ['target'],                                                                          ['jose', 'zod', node]],
  ['network',                   ['target'],                                                                          ['ipaddr.js', 'zod', node]],
  ['firing',                    ['limits.ts', 'target', 'execution', 'signing', 'network'],    ['axios', 'cockatiel', 'zod', '@opentelemetry/api', node]],
  ['hooks',                     ['limits.ts', 'target', 'execution', 'routing', 'firing', 'signing', 'events'],      ['zod', '@opentelemetry/api', node]],
  ['deliveries',                ['limits.ts', 'target', 'execution', 'routing', 'firing', 'signing', 'network', 'events', 'hooks'], ['cockatiel', 'zod', '@opentelemetry/api', node]],
  ['health.ts',                 ['firing', 'routing', 'signing'],                                                    []],
  ['options.ts',                ['limits.ts', 'execution', 'firing', 'hooks', 'routing', 'signing', 'network'],      ['axios', 'zod']],
  ['stores',                    ['events'],                                                                          [node]],
  ['stores/sqlite',             ['stores', 'events'],                                                                ['better-sqlite3', node]],
  ['stores/postgres',           ['stores', 'events'],                                                                [node]],
  ['stores/sqliteIndex',        ['stores', 'events', 'target', 'execution', 'routing'],                              ['better-sqlite3', node]],
  ['stores/sqliteDeliveries',   ['stores', 'events', 'deliveries'],                                                  ['better-sqlite3', node]],
  ['stores/postgresDeliveries', ['stores', 'events', 'deliveries'],                                                  [node]],
  ['stores/emmettPostgreSQL',   ['stores', 'events'],                                                                [node]],
  ['stores/grpcClient',         ['stores', 'events', 'hooks'],                                                       [node]],
  ['stores/eventStoreDB',       ['stores', 'events', 'hooks'],                                                       [node]],
  ['stores/kurrentDB',          ['stores', 'events', 'hooks'],                                                       [node]],
  ['stores/emmett',             ['stores', 'events', 'hooks'],                                                       [node]],
  ['integrations',              ['limits.ts', 'hooks'],                                                              [node]],
  ['integrations/grpc',         ['integrations', 'hooks'],                                                           ['@grpc/grpc-js', '@bufbuild/protobuf', node]],
  ['integrations/connect',      ['integrations', 'hooks'],                                                           ['@connectrpc/connect', '@bufbuild/protobuf', node]],
  ['integrations/express',      ['integrations', 'hooks'],                                                           ['express', node]],
  ['integrations/fastify',      ['integrations', 'hooks'],                                                           ['fastify', node]],
  ['receiver',                  ['signing'],                                                                         ['jose', node]],
  ['testing',                   ['decider.ts', ...publicFiles],                                                      ['chai', 'mocha', 'fast-check', node]],
  ['zitadel',                   [...publicFiles, 'zitadel', 'target/settings.ts'],                                   ['@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-node', node]],
  ['console',                   [...publicFiles, 'zitadel', 'hooks/hookOf.ts', 'execution/condition.ts', 'routing/rows/place.ts', 'firing/answers/secretMask.ts', 'firing/answers/callSecrets.ts', 'deliveries/operators/status.ts'], ['@bufbuild/protobuf', '@connectrpc/connect', 'zod', node]],
  ['cli',                       [...publicFiles, 'target/settings.ts'],                                              ['commander', 'yaml', 'zod', node]],
  ['cli/session',               [...publicFiles, 'cli'],                                                             ['commander', '@eventstore/db-client', '@kurrent/kurrentdb-client', 'pg', node]],
  ['cli/demo',                  [...publicFiles, 'cli'],                                                             ['@eventstore/db-client', node]],
  ['cli/backtest/reporting/html', ['cli/backtest', 'charts'],                                                       []],
  ['charts',                    [],                                                                                  ['d3-scale', 'd3-shape']],
  ['console/page',              ['console/wire', 'charts', 'target/settings.ts'],                                    ['preact']],
  ['actions.ts',                ['.'],                                                                               ['zod', node]],
  ['index.ts',                  ['.'],                                                                               []],
];

const everyone = ['errors.ts', 'ports.ts', 'lib'];

/** Matches every specifier that is neither relative nor one of the packages. */
const otherThan = (packages) => {
  const allowed = packages.map((name) => (name === node ? 'node:' : `${name.replaceAll('.', '\\.')}(?:/|$)`));
  return `^(?!${['\\.{1,2}/', ...allowed].join('|')})`;
};

const syntax = (...more) => ({ 'no-restricted-syntax': ['error', ...everywhere, ...more] });

/** The program calls targets through `actions` alone. */
const dialsNothing = (place) => place.startsWith('cli');

const fence = ([place, files, packages]) => ({
  files: [place.endsWith('.ts') ? `src/${place}` : `src/${place}/**/*.{ts,tsx}`],
  rules: {
    'import-x/no-restricted-paths': [
      'error',
      {
        basePath: import.meta.dirname,
        zones: [
          {
            target: 'src',
            from: 'src',
            except: [...new Set([place, ...everyone, ...files])],
            message: `${place} may import only ${[...everyone, ...files].join(', ')}: see places in eslint.config.js.`,
          },
        ],
      },
    ],
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: otherThan(packages),
            message: `${place} may import only ${packages.join(', ') || 'no package'}: see places in eslint.config.js.`,
          },
          ...(dialsNothing(place) ? noDialling.imports : []),
        ],
      },
    ],
    ...(dialsNothing(place) && noDialling.globals),
    ...syntax(
      ...noBarrel,
      noTextOfThrown,
      ...(packages.includes(node) ? [] : [noDynamicImport]),
      // The program escapes all that it prints.
      ...(dialsNothing(place) ? noDialling.syntax : [noBareText]),
    ),
  },
});

export default tseslint.config(
  {
    ignores: [
      'dist',
      'coverage',
      'test/output',
      'docs/examples/nest',
      'test/e2e/package/nest',
      'test/e2e/adoption/*/*',
      'test/vectors',
      'src/zitadel/generated',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.js', '.json'],
          extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
          conditionNames: ['types', 'import', 'node', 'default'],
        }),
      ],
    },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      ...syntax(),
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      '@typescript-eslint/array-type': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // An interface of a name and docstring of its own, such as the options of one function.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // A recipe of immer returns a new state or nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/parameter-properties': 'error',
      // Members of our objects are closures; what users bring is bound where it is taken.
      '@typescript-eslint/unbound-method': 'off',
      // The reason of an AbortSignal is passed on unchanged, of any type.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      // An async function without await turns what it throws into a rejection, which is what its callers expect.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // test/package/graph.test.ts looks for cycles: the rule for it parses every file a second time.
      'import-x/no-duplicates': 'error',
      'import-x/no-self-import': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'max-params': ['error', 4],
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
    },
  },
  fence(['**', [], []]),
  ...places.map(fence),
  {
    files: publicFiles.filter((file) => file.endsWith('index.ts')).map((file) => `src/${file}`),
    rules: { 'no-restricted-syntax': ['error', ...onlyBarrel] },
  },
  // One small class after another, to be looked up.
  { files: ['src/errors.ts'], rules: { 'max-lines': 'off' } },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  // Asks a served process that the operator names, which is no target.
  { files: ['src/cli/commands/calls.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['docs/examples/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/src/**', '**/dist/**'], message: 'Import what users import.' }] },
      ],
      // Handlers of node:http are written as people write them.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai asserts by reading a property.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      ...syntax(...flaky),
    },
  },
  { files: ['test/**/*.browser.ts'], rules: syntax(...flaky, flakyPage) },
  {
    // Measurements, which expect nothing; the helper itself.
    files: ['test/bench/**/*.ts', 'test/support/memory.ts'],
    rules: syntax(),
  },
  { files: ['**/*.{js,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        __filename: 'readonly',
        __dirname: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['eslint.config.js'],
    languageOptions: { globals: { URL: 'readonly' } },
    // ESLint asks for a default export.
    rules: { 'no-restricted-syntax': 'off' },
  },
);
