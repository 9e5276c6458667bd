import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { startDouble } from '../../../eventstoredb/double/startDouble.js';
import { closeAfterTest } from '../../../support/closings.js';
import { rejection } from '../../../support/openActions.js';
import { collect } from '../fixture.js';
import { operations } from './operations.js';
import { open, orderPlaced, placed, refuse } from './scene.js';
import {
  conflict,
  ClientUnderTest,
  WrongExpectedVersionError,
  connect,
  expecting,
  intercept,
} from '../clientUnderTest.js';

describe('interceptClient leaves everything else to the client', () => {
  it('passes an append without matching targets on unchanged', async () => {
    const { client, guardedClient } = await open();
    const seen: unknown[][] = [];
    const answer: AppendResult = { success: true, nextExpectedRevision: 7n };
    client.appendToStream = (...args: unknown[]) => {
      seen.push(args);
      return Promise.resolve(answer);
    };
    const [event, list, options] = [orderPlaced(), [orderPlaced()], { ...expecting(3n), deadline: 5_000 }];
    expect(await guardedClient.appendToStream('order-1', event, options)).to.equal(answer);
    await guardedClient.appendToStream('order-2', list);
    expect(seen[0]?.[1]).to.equal(event);
    expect(seen[0]?.[2]).to.equal(options);
    expect(seen[1]?.[1]).to.equal(list);
  });

  it('passes the options of an append through', async () => {
    const { client, call, guardedClient } = await open();
    await call(placed, {});
    const seen: unknown[] = [];
    client.appendToStream = (...[, , options]: unknown[]) => {
      seen.push(options);
      return Promise.resolve({ success: true, nextExpectedRevision: 0n });
    };
    const options = {
      ...expecting('stream_exists'),
      credentials: { username: 'ann', password: 'secret' },
      deadline: 5_000,
      requiresLeader: true,
      batchAppendSize: 1_000,
    } as const;
    await guardedClient.appendToStream('order-1', orderPlaced(), options);
    expect(seen).to.deep.equal([options]);
  });

  it('is a client of its class with the members of the client', async () => {
    const { client, guardedClient } = await open();
    expect(guardedClient).to.be.instanceOf(ClientUnderTest);
    expect(guardedClient.connectionName).to.equal(client.connectionName);
    expect(guardedClient.readStream).to.equal(guardedClient.readStream);
    expect(Object.keys(guardedClient)).to.deep.equal(Object.keys(client));
  });

  it("rethrows the client's own conflict", async () => {
    const { call, guardedClient } = await open();
    await call(placed, {});
    await guardedClient.appendToStream('order-1', orderPlaced());
    const error = await rejection(
      guardedClient.appendToStream('order-1', orderPlaced(), expecting('no_stream')),
    );
    expect(error)
      .to.be.instanceOf(WrongExpectedVersionError)
      .and.to.include({ streamName: 'order-1', ...conflict({ actual: 0n }) });
  });

  it('returns a conflict where the client does, and throws a veto all the same', async () => {
    const { call, guardedClient } = await open('&throwOnAppendFailure=false');
    const [target] = await call(placed, { interruptOnError: true });
    await guardedClient.appendToStream('order-1', orderPlaced());
    const conflict = await guardedClient.appendToStream('order-1', orderPlaced(), expecting('no_stream'));
    expect(conflict.success).to.equal(false);
    target!.server.answer(refuse);
    expect(await rejection(guardedClient.appendToStream('order-1', orderPlaced()))).to.include({
      code: 'TARGET_INTERRUPTED',
    });
  });

  it("rethrows the client's own error while the server is away, and goes on afterwards", async () => {
    const { double, client, guardedClient } = await open();
    await guardedClient.appendToStream('order-1', orderPlaced());
    await double.kill();
    const error = await rejection(guardedClient.appendToStream('order-1', orderPlaced()));
    expect(error).to.include({ code: 14 });
    await double.start();
    await guardedClient.appendToStream('order-1', orderPlaced());
    expect(await collect(client.readStream('order-1'))).to.have.length(2);
  });

  it('takes a function, and asks the function for the client at every use', async () => {
    const first = await open();
    const second = await startDouble();
    closeAfterTest(() => second.close());
    const replacement = connect(second.connectionString);
    closeAfterTest(() => replacement.dispose());
    let { client } = first;
    const guarded: EventStoreDBClient = intercept(() => client, first.actions);
    await guarded.appendToStream('order-1', orderPlaced());
    client = replacement;
    expect(guarded).to.be.instanceOf(ClientUnderTest);
    expect(guarded.connectionName).to.equal(replacement.connectionName);
    await guarded.appendToStream('order-2', orderPlaced());
    expect(first.double.stored().map(({ stream }) => stream)).to.deep.equal(['order-1']);
    expect(second.stored().map(({ stream }) => stream)).to.deep.equal(['order-2']);
  });

  it('refuses an object that is no actions', async () => {
    const { client } = await open();
    expect(() => intercept(client, {} as never))
      .to.throw()
      .with.property('code', 'INVALID_ARGUMENT');
  });

  for (const calls of ['no target', 'a target'])
    it(`behaves in a program as the client does, where ${calls} is called`, async () => {
      const alone = await open();
      const scene = await open();
      const [target] = calls === 'a target' ? await scene.call({ event: { all: true } }, {}) : [];
      const expected = await operations(alone.client);
      expect(await operations(scene.guardedClient)).to.deep.equal(expected);
      expect(expected).to.have.length(25);
      expect(target?.server.received.length ?? 0).to.equal(calls === 'a target' ? 7 : 0);
    });
});
