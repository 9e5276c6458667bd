import axios from 'axios';
import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { createActions, memoryEventStore } from '../../src/index.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, rejection } from '../support/openActions.js';
import { dialling } from '../support/dialling.js';
import { proxyServer } from '../support/proxyServer.js';
import { targetServer } from '../support/targetServer.js';

const event = { type: 'order.placed', data: { order: 1 } };
const condition = { event: { event: 'order.placed' } } as const;

describe('the network of an actions object', () => {
  it('is judged when a target is saved, changed, dialled, and on demand, by the same rules', async () => {
    const dial = dialling({ 'hook.example': [['8.8.8.8'], ['127.0.0.1']] });
    const { actions, guarded, read } = await openActions({ network: dial.options });
    const add = (endpoint: string) =>
      actions.targets.add({
        name: endpoint.slice(0, 100),
        type: 'webhook',
        endpoint,
        interruptOnError: true,
      });
    for (const [endpoint, rule] of [
      ['http://127.0.0.1:8080/', 'loopback'],
      ['http://2130706433/', 'numeric-host'],
      ['http://user:CANARY@hook.example/', 'user-info'],
      ['://', 'scheme'],
    ] as const) {
      const error = await rejection(add(endpoint));
      expect(error).to.be.instanceOf(InvalidArgumentError).with.property('rule', rule);
      expect(String(error)).not.to.contain('CANARY');
      expect(actions.network.explain(endpoint)).to.include({ allowed: false, rule });
    }
    const { id } = await add('https://hook.example/');
    expect(await rejection(actions.targets.change(id, { endpoint: 'http://169.254.169.254/' })))
      .to.be.instanceOf(InvalidArgumentError)
      .with.property('rule', 'metadata');
    expect(actions.network.explain('https://hook.example/')).to.include({
      allowed: true,
      addressesJudged: 'dial',
    });
    expect(dial.resolved).to.deep.equal([]);
    await actions.executions.set(condition, [id]);
    // The first dial fails: there is no dialler; the second is refused: the name now leads to loopback.
    expect(await rejection(guarded.append('order-1', [event]))).to.include({
      code: 'TARGET_INTERRUPTED',
      reason: 'network',
    });
    expect(dial.dialled.map(({ host }) => host)).to.deep.equal(['8.8.8.8']);
    expect(await rejection(guarded.append('order-1', [event]))).to.include({
      reason: 'address-refused',
      status: 412,
    });
    expect(dial.dialled).to.have.length(1);
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('changes between two appends', async () => {
    const { actions, call, guarded } = await openActions();
    const [endpoint] = await call(condition, { interruptOnError: true });
    await guarded.append('order-1', [event]);
    await actions.network.change({});
    await endpoint?.server.whenIdle();
    expect(await rejection(guarded.append('order-1', [event]))).to.include({ reason: 'address-refused' });
    expect(await rejection(actions.network.change({ allow: ['x/'] }))).to.be.instanceOf(InvalidArgumentError);
  });

  it('runs the interceptors of the given axios instance', async () => {
    const instance = axios.create();
    instance.interceptors.request.use((config) => {
      config.headers.set('authorization', 'Bearer fresh');
      return config;
    });
    const { call, guarded } = await openActions({ axios: instance });
    const [endpoint] = await call(condition, {});
    await guarded.append('order-1', [event]);
    expect(endpoint?.server.received[0]?.headers.authorization).to.equal('Bearer fresh');
  });

  it('goes through the given proxy', async () => {
    await using server = await targetServer();
    const proxy = await proxyServer(server.port);
    closeAfterTest(() => proxy.close());
    const { actions, guarded } = await openActions({ proxy: { url: proxy.url } });
    const { id } = await actions.targets.add({
      name: 'hook',
      type: 'webhook',
      endpoint: 'http://hook.example/a',
      interruptOnError: true,
    });
    await actions.executions.set(condition, [id]);
    await guarded.append('order-1', [event]);
    expect(proxy.asked).to.deep.equal(['POST http://hook.example/a']);
  });

  it('is refused where its options are malformed', async () => {
    for (const options of [
      { network: { allow: ['x/'] } },
      { network: 5 },
      { proxy: { url: 'socks5://x' } },
      { axios: {} },
    ]) {
      const opened = createActions({
        eventStore: memoryEventStore(),
        keyring: 'plaintext',
        ...options,
      } as never);
      expect(await rejection(opened)).to.be.instanceOf(InvalidArgumentError);
    }
  });
});
