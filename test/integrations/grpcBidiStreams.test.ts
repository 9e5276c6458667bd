import { expect } from 'chai';
import { once } from 'node:events';
import { bodies, json, refusal } from '../support/answers.js';
import { asked, exchange, named, openStreams, watching, type Order, type Reply } from './grpcStreaming.js';

describe('streaming both ways over gRPC', () => {
  it('judges incoming and outgoing messages in order', async () => {
    const { call, negotiate, seen } = await openStreams();
    await call(named('request', 'Negotiate'), {
      ...asked,
      script: ({ body }) => {
        const { quantity } = (JSON.parse(body) as { request: Order }).request;
        return { ...json({ quantity: quantity + 1 }), delayMs: quantity === 1 ? 40 : 0 };
      },
    });
    const [response] = await call(named('response', 'Negotiate'), watching);
    expect(await exchange(negotiate(), [1, 2, 3])).to.deep.equal([20, 30, 40]);
    expect(seen).to.deep.equal(['started', 'read 2', 'read 3', 'read 4']);
    expect(response && bodies(response.server).map((body) => body['response'])).to.deep.equal([
      { quantity: 20 },
      { quantity: 30 },
      { quantity: 40 },
    ]);
  });

  for (const [kind, refused] of [
    ['request', '"request":{"quantity":2}'],
    ['response', '"response":{"quantity":20}'],
  ] as const)
    it(`ends the call at a refused ${kind}, after the messages before it were sent`, async () => {
      const { call, negotiate, read } = await openStreams();
      await call(named(kind, 'Negotiate'), {
        ...watching,
        script: ({ body }) => (body.includes(refused) ? refusal(429, 'slow down') : {}),
      });
      const stream = negotiate();
      const received: number[] = [];
      stream.on('data', ({ quantity }: Reply) => received.push(quantity));
      stream.write({ quantity: 1 });
      await once(stream, 'data');
      stream.write({ quantity: 2 });
      const [error] = (await once(stream, 'error')) as unknown[];
      expect(error).to.include({ code: 8, details: 'slow down' });
      expect(received).to.deep.equal([10]);
      expect((await read('order-2')).length).to.equal(kind === 'request' ? 0 : 1);
    });

  it('gives up when the client cancels', async () => {
    const { call, negotiate, seen } = await openStreams();
    const [target] = await call(named('request', 'Negotiate'), { ...watching, script: 'never' });
    const stream = negotiate();
    const failed = once(stream, 'error');
    stream.write({ quantity: 1 });
    await target?.server.whenReceived(1);
    stream.cancel();
    expect((await failed)[0]).to.include({ code: 1 });
    await target?.server.whenIdle();
    expect(seen).to.deep.equal(['started', 'cut off']);
  });
});

describe('the context of a stream', () => {
  it('holds at every step, and never mixes', async () => {
    const { call, placeAll, watch, negotiate } = await openStreams();
    const [event] = await call({ event: { all: true } }, { ...watching, script: { delayMs: 1 } });
    const users = Array.from({ length: 20 }, (_, place) => place);
    await Promise.all(
      users.flatMap((user) => [
        placeAll([1000 + user, 2000 + user], `client-${user}`),
        watch(3, `server-${user}`),
        exchange(negotiate(`both-${user}`), [3000 + user, 4000 + user]),
      ]),
    );
    const appended = event ? bodies(event.server) : [];
    const quantitiesOf = (kind: string, user: number) =>
      appended
        .filter(({ userID }) => userID === `${kind}-${user}`)
        .map((body) => (body['event_payload'] as Order).quantity);
    for (const user of users) {
      expect(quantitiesOf('client', user)).to.have.members([1000 + user, 2000 + user]);
      expect(quantitiesOf('server', user)).to.deep.equal([1, 2, 3]);
      expect(quantitiesOf('both', user)).to.deep.equal([3000 + user, 4000 + user]);
    }
    expect(appended.length).to.equal(20 * 7);
  });
});
