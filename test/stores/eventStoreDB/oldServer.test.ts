import { expect } from 'chai';
import { openFixture } from './fixture.js';
import { manualClock } from '../../support/manualClock.js';
import { isEvent, shown, take, write } from './subscriptions.js';
import { jsonEvent } from './clientUnderTest.js';
import { until } from '../../support/conditions.js';

const prefixes = ['order-'];

describe('subscribe to a server before 23.10', () => {
  for (const streams of [[], ['order-1'], ['order-1', 'invoice-1'], ['order-1', '$invoice(1)']])
    for (const asked of [prefixes, undefined])
      it(`is caught up, though the server does not say so (${streams.join(', ') || 'nothing written'}; ${asked?.join() ?? 'all streams'})`, async () => {
        await using open = await openFixture();
        open.double.faults.withoutCaughtUp = true;
        await write(open.store, streams);
        const { signal } = new AbortController();
        const subscription = (after: bigint) =>
          open.store.subscribe({ ...(asked && { prefixes: asked }), signal, after });
        const seen: string[] = [];
        for await (const message of subscription(0n)) {
          if ('caughtUp' in message) break;
          if (isEvent(message)) seen.push(message.stream);
        }
        expect(seen).to.deep.equal(
          streams.filter((stream) => stream.startsWith(asked?.[0] ?? '') && !stream.startsWith('$')),
        );
        for await (const message of subscription(await open.store.head())) if ('caughtUp' in message) break;
      });

  it('subscribes also where the server does not tell its version', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    await open.client.appendToStream('order-1', jsonEvent({ type: 'order.placed', data: {} }), {
      credentials: { username: 'any', password: 'any' },
    });
    open.double.faults.silent.add('features');
    const messages = take(open.store.subscribe({ prefixes, signal: new AbortController().signal }), 1);
    await until(() => clock.pending().length !== 0 && open.double.openCalls('subscription') === 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(22_000);
    expect((await messages).map(shown)).to.deep.equal(['order-1']);
  });
});
