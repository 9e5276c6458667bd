import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { compiled } from '../../support/compiled.js';
import { anEvent, rejection } from '../../../eventstoredb/double/doubleFixture.js';

const main = fileURLToPath(new URL('../../../eventstoredb/double/main.ts', import.meta.url));

describe('The double as a program', () => {
  for (const [signal, flags, host] of [
    ['SIGINT', ['--deny-appends'], /^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/],
    ['SIGTERM', ['--deny-appends', '--nodes', '3'], /^esdb:\/\/(127\.0\.0\.1:\d+,?){3}\?tls=false$/],
  ] as const)
    it(`prints its connection string first, obeys its flags and ends at ${signal}`, async () => {
      const program = spawn(process.execPath, [await compiled(main), ...flags]);
      const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
      expect(line).to.match(host);
      const client = EventStoreDBClient.connectionString(line);
      expect(await rejection(client.appendToStream('s', anEvent()))).to.have.property(
        'type',
        'access-denied',
      );
      await client.dispose();
      program.kill(signal);
      expect((await once(program, 'exit'))[0]).to.equal(0);
    });
});
