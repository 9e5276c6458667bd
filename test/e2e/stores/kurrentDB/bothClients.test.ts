import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startDouble } from '../../../eventstoredb/double/startDouble.js';

const packages = { EventStoreDB: '@eventstore/db-client', KurrentDB: '@kurrent/kurrentdb-client' } as const;
type Product = keyof typeof packages;

/** Tries every function with the client of a product, in a process that has loaded both packages in an order. */
const program = (order: readonly Product[], handed: Product, url: string) => `
  const modules = {};
  ${order.map((product) => `modules[${JSON.stringify(product)}] = await import('${packages[product]}');`).join('\n')}
  const { createActions, memoryEventStore } = await import('./src/index.ts');
  const { fromEventStoreDB, interceptClient } = await import('./src/stores/eventStoreDB/index.ts');
  const { fromKurrentDB, interceptKurrentDB } = await import('./src/stores/kurrentDB/index.ts');
  const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
  const isKurrent = ${JSON.stringify(handed === 'KurrentDB')};
  const { jsonEvent, ...loaded } = modules[${JSON.stringify(handed)}];
  const client = (isKurrent ? loaded.KurrentDBClient : loaded.EventStoreDBClient).connectionString(
    ${JSON.stringify(url)}.replace(/^esdb/, isKurrent ? 'kurrentdb' : 'esdb'),
  );
  const told = [];
  const attempt = async (what, use) => {
    try {
      await use();
      told.push(what + ': done');
    } catch (error) {
      told.push(what + ': ' + (error.code ?? error.type ?? '') + ' ' + error.message);
    }
  };
  const event = () => jsonEvent({ type: 'order.placed', data: {} });
  const [intercept, from] = isKurrent ? [interceptKurrentDB, fromKurrentDB] : [interceptClient, fromEventStoreDB];
  await attempt('intercept', () => intercept(client, actions).appendToStream('order-1', event()));
  await attempt('store', () => from(client).append('order-2', [{ type: 'order.placed', data: {} }]));
  console.log(JSON.stringify(told));
  process.exit(0);
`;

async function run(order: readonly Product[], handed: Product): Promise<readonly string[]> {
  const double = await startDouble();
  try {
    const source = program(order, handed, double.connectionString);
    const parameters = ['--import', 'tsx', '--input-type=module', '--eval', source];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { timeout: 50_000 });
    return JSON.parse(stdout) as readonly string[];
  } finally {
    await double.close();
  }
}

describe('a process that has loaded both clients', () => {
  for (const [first, last] of [
    ['EventStoreDB', 'KurrentDB'],
    ['KurrentDB', 'EventStoreDB'],
  ] as const) {
    it(`gets a typed error when it passes the client that it loaded first, whose messages are overwritten (${first})`, async () => {
      const told = await run([first, last], first);
      expect(told).to.have.length(2);
      for (const line of told)
        expect(line)
          .to.contain('INVALID_ARGUMENT')
          .and.contain(`loaded the other client`)
          .and.contain(packages[first]);
    });

    it(`works with the client that it loaded last, whose messages are whole (${last})`, async () => {
      expect(await run([first, last], last)).to.deep.equal(['intercept: done', 'store: done']);
    });
  }

  it('is refused nothing where the process uses one client and both subpaths: neither subpath loads a client', async () => {
    expect(await run(['EventStoreDB'], 'EventStoreDB')).to.deep.equal(['intercept: done', 'store: done']);
    expect(await run(['KurrentDB'], 'KurrentDB')).to.deep.equal(['intercept: done', 'store: done']);
  }).timeout(120_000);
});
