import { expect } from 'chai';
import { createActions } from '../../../src/index.js';
import { closeAfterTest } from '../../support/closings.js';
import { rejection } from '../../support/openActions.js';
import { until } from '../../support/conditions.js';
import { failureOf, openFixture, placed } from './fixture.js';
import { take } from './subscriptions.js';
import { intercept, storeOn } from './clientUnderTest.js';

describe('a client that is disposed before the actions are closed', () => {
  it('ends the projection, health says so, and closing the actions ends', async () => {
    await using open = await openFixture();
    const actions = await createActions({ eventStore: open.store, keyring: 'plaintext' });
    closeAfterTest(() => actions.close());
    await open.client.dispose();
    await until(() => actions.health().failure !== undefined);
    expect(actions.health()).to.include({ connected: false }).and.property('failure').contains('disposed');
    expect(await rejection(actions.whenApplied(2n ** 60n))).to.include({
      code: 'EVENT_STORE_UNAVAILABLE',
      closed: true,
    });
    await until(() => open.double.openCalls('subscription') === 0);
    await actions.close();
  });

  it('ends the projection also where the client is disposed between two subscriptions, or is wrapped', async () => {
    await using open = await openFixture();
    await open.store.append('order-1', [placed()]);
    const { signal } = new AbortController();
    await take(open.store.subscribe({ signal }), 1);
    await open.client.dispose();
    expect(await failureOf(take(open.store.subscribe({ signal }), 1))).to.include({ closed: true });
    const actions = await createActions({ eventStore: open.store, keyring: 'plaintext', awaitReady: false });
    closeAfterTest(() => actions.close());
    const wrapped = storeOn(intercept(open.client, actions));
    expect(await failureOf(take(wrapped.subscribe({ signal }), 1))).to.include({ closed: true });
    expect(await rejection(actions.ready())).to.include({ closed: true });
  });

  it('does not end the projection where the next client takes its place', async () => {
    await using open = await openFixture();
    let client = open.client;
    const store = storeOn(() => client);
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    closeAfterTest(() => actions.close());
    client = open.anotherClient();
    await open.client.dispose();
    await until(() => !actions.health().connected);
    await until(() => actions.health().connected);
    expect(actions.health()).not.to.have.property('failure');
  });

  it('is distinguished from a lost connection, after which the subscription goes on', async () => {
    await using open = await openFixture();
    const actions = await createActions({ eventStore: open.store, keyring: 'plaintext' });
    closeAfterTest(() => actions.close());
    open.double.dropSubscriptions('cancelled');
    await until(() => !actions.health().connected);
    await until(() => actions.health().connected);
    expect(actions.health()).not.to.have.property('failure');
  });
});
