import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { newProject, run, type Project } from '../package/project.js';
import { freePort } from '../../support/freePort.js';

/** Foreign applications: each has a folder here, with its files before and after it adopted this package. */
const applications = ['express4', 'fastify4', 'nest', 'emmett'] as const;

/**
 * Lines of the second text that are not in the longest common part of both, as a reviewer sees them. Blank lines do
 * not count.
 */
function changedLines(before: string, after: string): number {
  const [old, current] = [before, after].map((text) => text.split('\n').filter((line) => line.trim() !== ''));
  let lengths: readonly number[] = new Array<number>((old ?? []).length + 1).fill(0);
  for (const line of current ?? []) {
    const row = [0];
    for (const [index, each] of (old ?? []).entries())
      row.push(
        each === line ? (lengths[index] ?? 0) + 1 : Math.max(lengths[index + 1] ?? 0, row[index] ?? 0),
      );
    lengths = row;
  }
  return (current ?? []).length - (lengths.at(-1) ?? 0);
}

const read = (application: string, state: 'before' | 'after'): string =>
  readFileSync(join('test/e2e/adoption', application, `${state}.ts`), 'utf8');

const compilerOptions = { experimentalDecorators: true, esModuleInterop: true };

describe('an application from another repository', () => {
  let kit: Project;
  before(async function () {
    this.timeout(600_000);
    const nest = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@11`);
    kit = await newProject([
      'better-sqlite3',
      'tsx@4',
      'express@4',
      'fastify@4',
      ...nest,
      'reflect-metadata@0.2',
      'rxjs@7',
      '@eventstore/db-client@6',
      '@event-driven-io/emmett@0.42',
    ]);
  });
  after(function () {
    this.timeout(300_000);
    kit.remove();
  });

  it('takes as many changed lines as the guide says', () => {
    const page = readFileSync('docs/getting-started.md', 'utf8');
    for (const application of applications) {
      const lines = changedLines(read(application, 'before'), read(application, 'after'));
      expect(page, application).to.include(`(${application}): ${lines} lines`);
    }
  });

  for (const application of applications)
    it(`${application} places orders as before, and after the change a target vetoes an order`, async () => {
      const type = application === 'nest' ? 'commonjs' : 'module';
      const project = kit.inside(application, { type });
      project.write({
        'tsconfig.json': { compilerOptions },
        'before.ts': read(application, 'before'),
        'after.ts': read(application, 'after'),
      });
      const double = await startDouble();
      const policy = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { event_payload: order } = JSON.parse(Buffer.concat(chunks).toString()) as {
            readonly event_payload: { readonly total: number };
          };
          const refusal = { forwardedStatusCode: 403, forwardedErrorMessage: 'ask a manager' };
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(order.total > 1_000 ? refusal : order));
        });
      });
      await new Promise<void>((resolve) => policy.listen(0, '127.0.0.1', resolve));
      const endpoint = `http://127.0.0.1:${(policy.address() as AddressInfo).port}/`;
      const key = randomBytes(32).toString('base64');
      project.write({ 'keyring.json': { activeKeyID: 'first', keys: { first: key } } });
      const env = { ...process.env, NODE_OPTIONS: '', KEY: key, EVENTSTOREDB_URL: double.connectionString };

      const answers = async (state: 'before' | 'after'): Promise<readonly string[]> => {
        const port = await freePort();
        const child = spawn(process.execPath, ['--import', 'tsx', `${state}.ts`], {
          cwd: project.folder,
          env: { ...env, PORT: String(port) },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const exited = once(child, 'exit');
        try {
          await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited]);
          const said: string[] = [];
          for (const total of [250, 5_000]) {
            const answer = await fetch(`http://127.0.0.1:${port}/orders/${state}${total}`, {
              method: 'POST',
              headers: { 'content-type': 'application/json', connection: 'close' },
              body: JSON.stringify({ total }),
            });
            const { message } = (await answer.json()) as { readonly message?: string };
            said.push(`${answer.status} ${message ?? ''}`.trim());
          }
          return said;
        } finally {
          child.kill('SIGTERM');
          expect(await exited).to.deep.equal([0, null]);
        }
      };

      try {
        expect(await answers('before')).to.deep.equal(['201', '201']);
        const store = application === 'emmett' ? 'sqlite:actions.db' : double.connectionString;
        const program = join(kit.folder, 'node_modules/eventstore-actions/dist/cli/main.js');
        const cli = (...words: readonly string[]) =>
          run(
            'env',
            [
              'EVENTSTORE_ACTIONS_ALLOW=127.0.0.1/32',
              process.execPath,
              program,
              ...words,
              '--store',
              store,
              '--keyring',
              'keyring.json',
            ],
            project.folder,
          );
        const target = ['--type', 'requestResponse', '--endpoint', endpoint, '--interrupt-on-error'];
        await cli('targets', 'add', '--name', 'order policy', ...target);
        await cli('executions', 'set', 'event/order.*', 'order policy');
        expect(await answers('after')).to.deep.equal(['201', '403 ask a manager']);
      } finally {
        policy.close();
        policy.closeAllConnections();
        await double.close();
      }
    }).timeout(200_000);
});
