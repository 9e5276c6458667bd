import { expect } from 'chai';
import type { Scene } from './row.js';
import { openRoot } from './tables/mainSubpath.js';
import { openPostgres } from './tables/postgres.js';
import {
  openConnect,
  openEmmett,
  openEventStoreDB,
  openExpress,
  openFastify,
  openGrpc,
  openReceiver,
  openSQLite,
  openConsole,
  openZitadel,
} from './tables/subpaths.js';
import { openTesting } from './tables/testing.js';
import { exports, tryPublicFunctions } from './tryPublicFunctions.js';

const scenes: Readonly<Record<string, () => Promise<Scene>>> = {
  '.': openRoot,
  './receiver': openReceiver,
  './sqlite': openSQLite,
  './postgres': openPostgres,
  './eventstoredb': openEventStoreDB,
  './emmett': openEmmett,
  './express': openExpress,
  './fastify': openFastify,
  './grpc': openGrpc,
  './connect': openConnect,
  './zitadel': openZitadel,
  './console': openConsole,
  './testing': openTesting,
};

/** Subpaths that are tried in another process. */
const elsewhere: Readonly<Record<string, string>> = {
  './kurrentdb':
    'test/stores/kurrentDB/publicInputs.kurrent.ts, since its client is not loaded beside that of ./eventstoredb',
};

for (const [subpath, open] of Object.entries(scenes)) tryPublicFunctions(subpath, open);

describe('the subpaths of the package', () => {
  it('are all tried with wrong arguments, here or in another process', () => {
    const known = new Set([...Object.keys(scenes), ...Object.keys(elsewhere)]);
    const subpaths = Object.keys(exports).filter((name) => typeof exports[name] === 'object');
    expect(subpaths.filter((name) => !known.has(name))).to.deep.equal([]);
  });
});
