import { expect } from 'chai';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { newProject, type Project } from './project.js';

/** Appends through a guarded client of one copy beside the other: a conflict, a stale append found first, a source of clients. */
const program = `
import { createActions, memoryEventStore } from 'eventstore-actions';
import { interceptClient } from 'eventstore-actions/eventstoredb';
import * as newer from '@eventstore/db-client';
import * as older from 'older-client';

const url = process.argv[2] ?? '';
const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext', network: { allow: ['127.0.0.1:1'] } });
const { id } = await actions.targets.add({ name: 'a', type: 'webhook', endpoint: 'http://127.0.0.1:1/' });
await actions.executions.set({ event: { all: true } }, [id]);

async function conflict(append: Promise<unknown>, expected: new (...values: never[]) => Error): Promise<boolean> {
  try {
    await append;
    return false;
  } catch (error) {
    return error instanceof expected;
  }
}

const report: Record<string, boolean> = {};

const olderClient = older.EventStoreDBClient.connectionString(url);
const guardedOlder: older.EventStoreDBClient = interceptClient(olderClient, actions, { checkFirst: true });
const followingOlder: older.EventStoreDBClient = interceptClient(() => olderClient, actions);
const olderEvent = older.jsonEvent({ type: 'order.placed', data: { total: 1 } });
await guardedOlder.appendToStream('older-1', olderEvent);
report['older: found stale first'] = await conflict(
  guardedOlder.appendToStream('older-1', older.jsonEvent({ type: 'order.placed', data: {} }), { expectedRevision: older.NO_STREAM }),
  older.WrongExpectedVersionError,
);
report['older: conflict of the server'] = await conflict(
  followingOlder.appendToStream('older-1', older.jsonEvent({ type: 'order.placed', data: {} }), { expectedRevision: older.NO_STREAM }),
  older.WrongExpectedVersionError,
);
report['older: a source is an instance'] = followingOlder instanceof older.EventStoreDBClient;

const newerClient = newer.EventStoreDBClient.connectionString(url);
const guardedNewer: newer.EventStoreDBClient = interceptClient(newerClient, actions, { checkFirst: true });
await guardedNewer.appendToStream('newer-1', newer.jsonEvent({ type: 'order.placed', data: { total: 1 } }));
report['newer: found stale first'] = await conflict(
  guardedNewer.appendToStream('newer-1', newer.jsonEvent({ type: 'order.placed', data: {} }), { expectedRevision: 7n }),
  newer.WrongExpectedVersionError,
);
report['newer: a guarded client is an instance'] = guardedNewer instanceof newer.EventStoreDBClient;
report['two copies'] = (older.WrongExpectedVersionError as unknown) !== newer.WrongExpectedVersionError;

await actions.close();
await olderClient.dispose();
await newerClient.dispose();
console.log(JSON.stringify(report));
`;

describe('the packed package beside two copies of the client of EventStoreDB', () => {
  let project: Project;

  before(async function () {
    this.timeout(300_000);
    project = await newProject(
      [
        'older-client@npm:@eventstore/db-client@6.1.0',
        '@eventstore/db-client@6.2.1',
        'typescript@5.9',
        '@types/node@20',
      ],
      { type: 'module' },
    );
  });
  after(() => {
    project.remove();
  });

  it('type-checks with either client, and gives the errors and the class of the client that was handed in', async () => {
    const double = await startDouble();
    try {
      project.write({
        'main.ts': program,
        'tsconfig.json': {
          compilerOptions: {
            strict: true,
            skipLibCheck: true,
            module: 'nodenext',
            target: 'es2022',
            types: ['node'],
          },
        },
      });
      expect(await project.node('node_modules/typescript/bin/tsc', '-p', '.', '--pretty', 'false')).to.equal(
        '',
      );
      const report = JSON.parse(await project.node('main.js', double.connectionString)) as Record<
        string,
        boolean
      >;
      expect(Object.keys(report)).to.have.length(6);
      expect(report).to.deep.equal(Object.fromEntries(Object.keys(report).map((name) => [name, true])));
    } finally {
      await double.close();
    }
  }).timeout(120_000);

  it('installs no SQLite and compiles none for an application on EventStoreDB', () => {
    expect(project.has('better-sqlite3')).to.equal(false);
    expect(project.has('express') || project.has('fastify') || project.has('pg')).to.equal(false);
  });
});
