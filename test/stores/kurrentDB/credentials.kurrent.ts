import { expect } from 'chai';
import { kurrentDBKind } from '../../../src/stores/kurrentDB/kurrentDBKind.js';
import { orderPlaced, placed } from '../eventStoreDB/interceptClient/scene.js';
import { open } from './scene.js';

const credentials = { username: 'ann', password: 'secret' };

describe('a client of KurrentDB with a provider of credentials', () => {
  it('appends in a call for each append, which the guard knows', async () => {
    const { call, client, guardedClient, double, stored } = await open();
    const [target] = await call(placed, {});
    const batch = () => kurrentDBKind.usesBatch(client as never, undefined);
    expect(batch()).to.equal(true);
    client.setCredentialsProvider(() => credentials);
    expect(batch()).to.equal(false);
    await guardedClient.appendToStream('order-1', orderPlaced({ n: 1 }));
    expect(double.openCalls('batch')).to.equal(0);
    expect(target!.server.received).to.have.length(1);
    expect(stored()).to.deep.equal(['order-1 {"n":1}']);
    client.setCredentialsProvider(undefined);
    await guardedClient.appendToStream('order-1', orderPlaced({ n: 2 }));
    expect(double.openCalls('batch')).to.equal(1);
  });
});
