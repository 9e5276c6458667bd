import { expect } from 'chai';
import { anEvent, isPending, openDouble, paths } from './doubleFixture.js';

describe('The gates of the double', () => {
  for (const [path, options] of paths) {
    it(`${path}: hold appends before their commit, and let them go one by one`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      double.gates.commits.close();
      const append = (type: string) =>
        client.appendToStream('s', anEvent(undefined, type), { expectedRevision: 'no_stream', ...options });
      const first = append('first');
      await double.gates.commits.arrived(1);
      const second = append('second');
      await double.gates.commits.arrived(2);
      expect(double.stored()).to.have.length(0);
      double.gates.commits.release();
      await first;
      expect(await isPending(second)).to.equal(true);
      double.gates.commits.open();
      const refusal = await second.catch((error: unknown) => error);
      expect(refusal).to.have.property('type', 'wrong-expected-version');
      expect(double.stored().map(({ type }) => type)).to.deep.equal(['first']);
    });

    it(`${path}: hold answers after the commit`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      double.gates.acknowledgements.close();
      const held = client.appendToStream('s', anEvent(), options);
      await double.gates.acknowledgements.arrived(1);
      expect(double.stored()).to.have.length(1);
      expect(await isPending(held)).to.equal(true);
      double.gates.acknowledgements.open();
      expect(await held).to.include({ success: true, nextExpectedRevision: 0n });
    });
  }

  it('hold only the streams that the gates were closed for', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.gates.commits.close((stream) => stream === 'held');
    const held = client.appendToStream('held', anEvent());
    await client.appendToStream('free', anEvent());
    await double.gates.commits.arrived(1);
    expect(double.gates.commits.waiting()).to.deep.equal(['held']);
    double.gates.commits.open();
    await held;
  });

  it('hold events before a subscription receives the events', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.gates.deliveries.close();
    const subscription = client.subscribeToStream('s');
    const heard: string[] = [];
    const both = new Promise<void>((resolve) => {
      subscription.on('data', ({ event }) => {
        heard.push(event?.type ?? '');
        if (heard.length === 2) resolve();
      });
    });
    await client.appendToStream('s', [anEvent(undefined, 'one'), anEvent(undefined, 'two')]);
    await double.gates.deliveries.arrived(1);
    expect(heard).to.deep.equal([]);
    double.gates.deliveries.open();
    await both;
    expect(heard).to.deep.equal(['one', 'two']);
    await subscription.unsubscribe();
  });

  it('lose held appends when the server is killed', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.gates.commits.close();
    const lost = client.appendToStream('s', anEvent()).catch((error: unknown) => error);
    await double.gates.commits.arrived(1);
    await double.restart();
    expect(double.gates.commits.waiting()).to.deep.equal([]);
    double.gates.commits.open();
    expect(await lost).to.have.property('type', 'unavailable');
    await client.appendToStream('t', anEvent());
    expect(double.stored().map(({ stream }) => stream)).to.deep.equal(['t']);
  });
});
