import { expect } from 'chai';
import { newProject, type Project } from './project.js';

/** The output of the program of app/: a refusal of a target, by the class and the code of this package. */
const vetoed = '403 TARGET_INTERRUPTED function';

const tools = [
  'better-sqlite3',
  '@eventstore/db-client@6',
  '@types/node@20',
  'typescript53@npm:typescript@5.3',
  'typescript59@npm:typescript@5.9',
  'typescript60@npm:typescript@6.0',
  'typescript@5.9',
  'ts-node@10',
  'jest29@npm:jest@29',
  'jest30@npm:jest@30',
  'ts-jest@29',
  '@swc/core@1',
  '@swc/jest@0.2',
  'vitest@3',
  'esbuild@0.28',
  'webpack@5',
];

const app = { 'veto.ts': 'test/e2e/package/app/veto.ts', 'main.ts': 'test/e2e/package/app/main.ts' };

const options = (more: object) => ({
  compilerOptions: {
    strict: true,
    skipLibCheck: true,
    target: 'es2022',
    types: ['node'],
    outDir: 'out',
    ...more,
  },
  include: ['*.ts'],
});

type Format = 'commonjs' | 'module';
/** The usual settings of TypeScript: the format of files, `module` and `moduleResolution`. */
const settings: readonly (readonly [format: Format, module: string, moduleResolution: string])[] = [
  ['commonjs', 'commonjs', 'node10'],
  ['commonjs', 'node16', 'node16'],
  ['commonjs', 'nodenext', 'nodenext'],
  ['module', 'node16', 'node16'],
  ['module', 'nodenext', 'nodenext'],
  ['module', 'esnext', 'bundler'],
];

describe('the packed package in any module system', () => {
  let project: Project;

  before(async function () {
    this.timeout(600_000);
    project = await newProject(tools);
  });
  after(() => {
    project.remove();
  });

  const withApp = (name: string, type: Format, compilerOptions: object): Project => {
    const inner = project.inside(name, { type });
    inner.copy(app);
    inner.write({ 'tsconfig.json': options(compilerOptions) });
    return inner;
  };

  for (const [file, line] of [
    ['main.mjs', `import { createActions } from 'eventstore-actions'; console.log(typeof createActions);`],
    ['main.cjs', `console.log(typeof require('eventstore-actions').createActions);`],
    [
      'both.mjs',
      `import { createRequire } from 'node:module'; import * as imported from 'eventstore-actions/receiver';
       const required = createRequire(import.meta.url)('eventstore-actions/receiver');
       console.log(imported.createReceiver === required.createReceiver ? 'function' : 'two copies');`,
    ],
  ] as const)
    it(`plain Node runs ${file}`, async () => {
      project.write({ [file]: line });
      expect(await project.node(file)).to.equal('function\n');
    });

  for (const version of ['5.3', '5.9', '6.0'])
    for (const [format, module, moduleResolution] of settings)
      it(`TypeScript ${version}: module ${module}, moduleResolution ${moduleResolution}, files in ${format}`, async function () {
        this.timeout(120_000);
        const inner = withApp(`${version}-${format}-${moduleResolution}`, format, {
          module,
          moduleResolution,
          ...(version === '6.0' && moduleResolution === 'node10' && { ignoreDeprecations: '6.0' }),
        });
        const compiler = `../node_modules/typescript${version.replace('.', '')}/bin/tsc`;
        expect(await inner.node(compiler, '-p', '.', '--pretty', 'false')).to.equal('');
        if (moduleResolution !== 'bundler') expect(await inner.node('out/main.js')).to.equal(`${vetoed}\n`);
      });

  it('ts-node runs the package', async () => {
    const inner = withApp('ts-node', 'commonjs', { module: 'commonjs', moduleResolution: 'node10' });
    inner.write({ 'main.ts': `import { veto } from './veto';\nvoid veto().then(console.log);\n` });
    expect(await inner.node('../node_modules/ts-node/dist/bin.js', 'main.ts')).to.equal(`${vetoed}\n`);
  }).timeout(120_000);

  for (const [jest, config] of [
    ['jest29', 'ts-jest.config.cjs'],
    ['jest30', 'jest.config.cjs'],
  ] as const)
    it(`${jest} runs it, as ${config} of the guide sets it up`, async () => {
      const inner = withApp(jest, 'commonjs', { module: 'commonjs', moduleResolution: 'node10' });
      inner.copy({ [config]: `docs/examples/modules/${config}` });
      inner.write({
        'veto.test.ts': `import { veto } from './veto';
          test('a target vetoes an append', async () => { expect(await veto()).toBe('${vetoed}'); });`,
      });
      const said = await inner.node(`../node_modules/${jest}/bin/jest.js`, '--config', config);
      expect(said).to.include('1 passed');
    }).timeout(120_000);

  it('Vitest runs the package', async () => {
    const inner = withApp('vitest', 'module', { module: 'esnext', moduleResolution: 'bundler' });
    inner.write({
      'veto.test.ts': `import { expect, test } from 'vitest';
        import { veto } from './veto.js';
        test('a target vetoes an append', async () => { expect(await veto()).toBe('${vetoed}'); });`,
    });
    expect(await inner.node('../node_modules/vitest/vitest.mjs', 'run')).to.include('1 passed');
  }).timeout(120_000);

  it('esbuild bundles the package to CommonJS and to ES modules, as the guide says', async () => {
    const inner = withApp('esbuild', 'module', { module: 'esnext', moduleResolution: 'bundler' });
    inner.copy({ 'esbuild.mjs': 'docs/examples/modules/esbuild.mjs' });
    await inner.node('esbuild.mjs');
    for (const bundle of ['bundle.cjs', 'bundle.mjs'])
      expect(await inner.node(bundle), bundle).to.equal(`${vetoed}\n`);
  }).timeout(120_000);

  it('webpack bundles the package', async () => {
    const inner = withApp('webpack', 'module', { module: 'nodenext' });
    await inner.node('../node_modules/typescript59/bin/tsc', '-p', '.');
    inner.copy({ 'webpack.config.cjs': 'docs/examples/modules/webpack.config.cjs' });
    inner.write({
      'build.cjs': `require('webpack')(require('./webpack.config.cjs'), (error, stats) => {
        if (error || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'));
      });`,
    });
    await inner.node('build.cjs');
    expect(await inner.node('webpack.cjs')).to.equal(`${vetoed}\n`);
  }).timeout(120_000);
});
