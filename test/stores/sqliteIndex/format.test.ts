import Database from 'better-sqlite3';
import { expect } from 'chai';
import { indexFormat } from '../../../src/stores/sqliteIndex/indexTables.js';
import { addTargetInput } from '../../../src/target/targetSchemas.js';
import { createRecorder, executionSet, targetAdded } from '../../support/recordedEvents.js';
import { freshPath, nextTurn, open } from './openIndex.js';

/** The format of the rows, and the members of a state in them. Another list of members needs another number. */
const written = {
  format: 2,
  settings: [
    'name',
    'type',
    'endpoint',
    'headers',
    'timeoutMs',
    'interruptOnError',
    'payloadType',
    'delivery',
    'enforcement',
    'enforcePercent',
    'order',
    'deliverFrom',
    'paused',
  ],
};

describe('the format of an index file', () => {
  it('has a new number when a state has a new setting, which older files lack', async () => {
    const path = freshPath();
    const file = open(path);
    const record = createRecorder();
    file.current.apply(record('actions.target-default.t', 'target.added', targetAdded('t')), true);
    file.current.apply(record('actions.execution-default.event', 'execution.set', executionSet('t')), true);
    await nextTurn();
    const database = new Database(path, { readonly: true });
    const states = database.prepare<[], { state: string }>('SELECT state FROM target').all();
    database.close();
    expect(states).to.have.lengthOf(1);
    const settings = Object.keys(addTargetInput.shape);
    const kept = Object.keys(JSON.parse(states[0]?.state ?? '{}') as object);
    expect({ format: indexFormat, settings: settings.filter((name) => kept.includes(name)) }).to.deep.equal(
      written,
    );
    expect(settings.filter((name) => !kept.includes(name))).to.deep.equal([]);
  });
});
