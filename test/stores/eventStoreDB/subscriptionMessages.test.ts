import type { Position } from '@eventstore/db-client';
import { expect } from 'chai';
import { Inbox } from '../../../src/stores/grpcClient/reading/inbox.js';
import {
  subscriptionMessages,
  type Arrival,
} from '../../../src/stores/grpcClient/reading/subscriptionMessages.js';
import { collect } from './fixture.js';
import { manualClock } from '../../support/manualClock.js';

const source = { pause: () => undefined, resume: () => undefined };
const at = (commit: bigint): { checkpoint: Position } => ({ checkpoint: { commit, prepare: commit } });

async function heard(arrivals: readonly Arrival[], { after = 0n, head = 0n } = {}) {
  const inbox = new Inbox<Arrival>(manualClock(), source);
  for (const arrival of arrivals) inbox.push(arrival);
  inbox.close();
  return collect(
    subscriptionMessages(
      inbox,
      { product: 'EventStoreDB', after, head, isWanted: () => true },
      new AbortController().signal,
    ),
  );
}

describe('the messages of a subscription', () => {
  it('leave out the position that a new cluster sends before its first event', async () => {
    const messages = await heard(['confirmed', at(2n ** 64n - 1n), at(5n)], { head: 10n });
    expect(messages).to.deep.equal([{ checkpoint: 5n }]);
  });

  it('leave out positions before the start of the subscription', async () => {
    expect(await heard(['confirmed', at(3n), at(7n), at(8n)], { after: 7n, head: 10n })).to.deep.equal([
      { checkpoint: 8n },
    ]);
  });

  it('say caughtUp on reaching the head, and not again where the server repeats the message', async () => {
    expect(await heard(['confirmed', at(10n), 'caughtUp', at(12n), 'caughtUp'], { head: 10n })).to.deep.equal(
      [
        { checkpoint: 10n },
        { caughtUp: true, position: 10n },
        { checkpoint: 12n },
        { caughtUp: true, position: 12n },
      ],
    );
  });

  it('say caughtUp when the server does, where nothing reaches the head', async () => {
    expect(await heard(['confirmed', 'caughtUp'], { after: 4n, head: 10n })).to.deep.equal([
      { caughtUp: true, position: 4n },
    ]);
  });
});
