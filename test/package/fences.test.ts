import { expect } from 'chai';
import { ESLint } from 'eslint';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { places } from '../../eslint.config.js';
import tseslint from 'typescript-eslint';

/** The project's own configuration, without the rules that need types: the linted texts exist only in memory. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    {
      languageOptions: { parserOptions: { projectService: false } },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
    },
  ],
});

const violations = async (filePath: string, text: string): Promise<readonly string[]> => {
  const [result] = await eslint.lintText(text, { filePath });
  return (result?.messages ?? [])
    .filter((message) => message.ruleId !== '@typescript-eslint/no-unused-vars')
    .map((message) => message.ruleId ?? message.message);
};

const path = 'import-x/no-restricted-paths';
const packages = 'no-restricted-imports';
const syntax = 'no-restricted-syntax';
const globals = 'no-restricted-globals';

const broken: readonly (readonly [what: string, file: string, text: string, rule: string])[] = [
  ['errors imports no other folder', 'src/errors.ts', `import { evolve } from './target/target.js';`, path],
  [
    'a target knows no routing',
    'src/target/new.ts',
    `import { x } from '../routing/conditionIndex.js';`,
    path,
  ],
  ['nor by a type', 'src/target/new.ts', `import type { X } from '../routing/conditionIndex.js';`, path],
  ['nor by a re-export', 'src/target/new.ts', `export { x } from '../routing/conditionIndex.js';`, path],
  ['nor by a dynamic import', 'src/target/new.ts', `await import('../routing/conditionIndex.js');`, path],
  [
    'a target knows no execution',
    'src/target/new.ts',
    `import { x } from '../execution/execution.js';`,
    path,
  ],
  [
    'an execution knows no routing',
    'src/execution/new.ts',
    `import { x } from '../routing/conditionIndex.js';`,
    path,
  ],
  [
    'the index knows no other routing',
    'src/routing/conditionIndex.ts',
    `import { x } from './projection.js';`,
    path,
  ],
  ['routing fires nothing', 'src/routing/new.ts', `import { x } from '../signing/signature.js';`, path],
  ['firing does not route', 'src/firing/new.ts', `import { x } from '../routing/conditionIndex.js';`, path],
  [
    'the receiver verifies, it does not fire',
    'src/receiver/new.ts',
    `import { x } from '../firing/calls/payload.js';`,
    path,
  ],
  [
    'the command line uses the public surface',
    'src/cli/new.ts',
    `import { x } from '../target/target.js';`,
    path,
  ],
  ['a command makes no call', 'src/cli/commands/new.ts', `await fetch('http://localhost/');`, globals],
  ['nor by the global object', 'src/cli/new.ts', `await globalThis.fetch('http://localhost/');`, globals],
  ['nor by a request of Node', 'src/cli/demo/new.ts', `import { request } from 'node:http';`, packages],
  ['nor by a socket', 'src/cli/session/new.ts', `import * as net from 'node:net';`, packages],
  ['nor over TLS', 'src/cli/commands/new.ts', `import { request } from 'node:https';`, packages],
  ['nor by a dynamic import', 'src/cli/commands/new.ts', `await import('node:https');`, syntax],
  ['a command opens no database', 'src/cli/commands/new.ts', `import pg from 'pg';`, packages],
  [
    'only charts draw with a library',
    'src/cli/backtest/reporting/html/new.ts',
    `import { scaleLinear } from 'd3-scale';`,
    packages,
  ],
  [
    'the page of the console asks its server, and holds none of the library',
    'src/console/page/new.tsx',
    `import { x } from '../../index.js';`,
    path,
  ],
  ['nor a package of Node', 'src/console/page/new.tsx', `import { readFileSync } from 'node:fs';`, packages],
  ['and know none of the pages', 'src/charts/new.ts', `import { x } from '../cli/backtest/plans.js';`, path],
  [
    'only the page of a backtest shows charts of the command line',
    'src/cli/backtest/new.ts',
    `import { x } from '../../charts/drawing.js';`,
    path,
  ],
  [
    'and it draws what was counted',
    'src/cli/backtest/reporting/html/new.ts',
    `import { x } from '../../../../index.js';`,
    path,
  ],
  ['so does the testing kit', 'src/testing/new.ts', `import { x } from '../target/target.js';`, path],
  ['a new place needs a row', 'src/novel/new.ts', `import { x } from '../target/target.js';`, path],
  [
    'a pure place touches no system',
    'src/target/new.ts',
    `import { randomUUID } from 'node:crypto';`,
    packages,
  ],
  ['nor by the short name', 'src/execution/new.ts', `import { randomUUID } from 'crypto';`, packages],
  ['a pure place makes no call', 'src/execution/resolve.ts', `import axios from 'axios';`, packages],
  ['not even by a type', 'src/decider.ts', `import type { AxiosInstance } from 'axios';`, packages],
  ['nor by a dynamic import', 'src/execution/new.ts', `await import('node:fs');`, syntax],
  ['a name that starts like an allowed one', 'src/target/new.ts', `import { x } from 'zod-extra';`, packages],
  [
    'one store knows no other database',
    'src/stores/memory.ts',
    `import Database from 'better-sqlite3';`,
    packages,
  ],
  [
    'the hooks know no client',
    'src/hooks/new.ts',
    `import { jsonEvent } from '@eventstore/db-client';`,
    packages,
  ],
  ['a new place needs a row for packages', 'src/novel/new.ts', `import { z } from 'zod';`, packages],
  [
    'a framework knows no other',
    'src/integrations/express/new.ts',
    `import fastify from 'fastify';`,
    packages,
  ],
  [
    'an example imports what users import',
    'docs/examples/new.ts',
    `import { x } from '../../src/index.js';`,
    packages,
  ],
  ['no default export', 'src/target/new.ts', `export default 1;`, syntax],
  [
    'no literal that is spread into another',
    'src/hooks/new.ts',
    `export const x = { ...{ a: 1 }, b: 2 };`,
    syntax,
  ],
  ['nor in a pure place', 'src/target/new.ts', `export const x = [...[1, 2], 3];`, syntax],
  ['nor in a test', 'test/new.test.ts', `export const x = { ...{ a: 1 }, b: 2 };`, syntax],
  ['nor in a measurement', 'test/bench/new.ts', `export const x = { ...{ a: 1 }, b: 2 };`, syntax],
  ['nor in a test of pages', 'test/e2e/new.browser.ts', `export const x = { ...{ a: 1 }, b: 2 };`, syntax],
  ['nor in an example', 'docs/examples/new.ts', `export const x = { ...{ a: 1 }, b: 2 };`, syntax],
  [
    'no text of a thrown value',
    'src/hooks/new.ts',
    `export const x = (error: unknown) => String(error);`,
    syntax,
  ],
  ['no enum', 'test/new.ts', `export enum Colour { Red }`, syntax],
  ['no barrel inside', 'src/target/index.ts', `export { x } from './target.js';`, syntax],
  ['a subpath names its exports', 'src/index.ts', `export * from './errors.js';`, syntax],
  ['a subpath has no logic', 'src/index.ts', `export const x = 1;`, syntax],
  [
    'no parameter property',
    'src/target/new.ts',
    `export class A { constructor(private readonly b: string) {} }`,
    '@typescript-eslint/parameter-properties',
  ],
  ['small files', 'src/target/new.ts', `export const x = [\n${'1,\n'.repeat(250)}];`, 'max-lines'],
];

const legal: readonly (readonly [file: string, text: string])[] = [
  [
    'src/target/new.ts',
    `import { z } from 'zod'; import type { Decider } from '../decider.js'; import { TargetNotFoundError } from '../errors.js'; import { x } from './target.js';`,
  ],
  ['src/execution/new.ts', `import { produce } from 'immer'; import type { JSONValue } from '../ports.js';`],
  ['src/execution/resolve.ts', `import { x } from '../execution/execution.js';`],
  [
    'src/routing/projection.ts',
    `import { setTimeout } from 'node:timers/promises'; import { x } from './conditionIndex.js';`,
  ],
  [
    'src/stores/sqlite/new.ts',
    `import Database from 'better-sqlite3'; import { readFileSync } from 'node:fs';`,
  ],
  [
    'src/testing/new.ts',
    `import { TargetInterruptedError } from '../index.js'; import { expect } from 'chai';`,
  ],
  [
    'src/cli/commands/new.ts',
    `import { createServer, type IncomingHttpHeaders } from 'node:http'; import { isIP, type Server } from 'node:net';`,
  ],
  // It asks a served process for its calls.
  ['src/cli/commands/calls.ts', `await fetch('https://localhost/');`],
  ['src/cli/session/new.ts', `import type { EventStoreDBClient } from '@eventstore/db-client';`],
  [
    'src/cli/backtest/reporting/html/new.ts',
    `import { x } from '../../../../charts/histogram.js'; import { count } from '../../../../lib/shown/figures.js'; import { y } from './parts.js';`,
  ],
  [
    'src/actions.ts',
    `import { x } from './routing/conditionIndex.js'; import { y } from './signing/signature.js';`,
  ],
  ['src/index.ts', `export { TargetInterruptedError } from './errors.js';`],
  ['docs/examples/new.ts', `import { createActions } from 'eventstore-actions';`],
  [
    'src/hooks/new.ts',
    `export const x = (y: object, z?: number) => ({ ...y, ...(z !== undefined && { z }) });`,
  ],
];

describe('import fences', () => {
  for (const [what, file, text, rule] of broken) {
    it(`${what}: ${file} must not say ${text.slice(0, 80).replaceAll('\n', ' ')}`, async () => {
      expect(await violations(file, text)).to.include(rule);
    });
  }

  for (const [file, text] of legal) {
    it(`${file} may say ${text}`, async () => {
      expect(await violations(file, text)).to.deep.equal([]);
    });
  }

  it('has one row for every place of src', () => {
    const rows = places.map(([place]) => place);
    const found = readdirSync('src').filter((entry) => !rows.includes(entry));
    expect(found).to.deep.equal([]);
    expect(rows).to.have.lengthOf(new Set(rows).size);
  });

  it('names only files that exist: an import that does not resolve passes every fence', () => {
    const imported = broken
      .filter(([, , , rule]) => rule === path)
      .map(([, file, text]) =>
        join(dirname(file), /'(?<specifier>.+)\.js'/.exec(text)?.groups?.['specifier'] ?? ''),
      );
    expect(imported.filter((file) => !existsSync(`${file}.ts`))).to.deep.equal([]);
  });
});
