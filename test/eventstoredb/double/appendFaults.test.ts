import { expect } from 'chai';
import {
  anEvent,
  classic,
  isPending,
  openDouble,
  paths,
  rejection,
  type DoubleFixture,
} from './doubleFixture.js';
import { Faults, type AppendFault } from './faults.js';
import { failure } from './trailers.js';
import { status } from '@grpc/grpc-js';

const errors = {
  reset: { batch: 'unavailable', classic: 'unavailable' },
  restart: { batch: 'unavailable', classic: 'unavailable' },
  timeout: { batch: 'deadline-exceeded', classic: 'timeout' },
  'not-ready': { batch: 'unknown', classic: 'unavailable' },
} as const;

/** Begins an append that a fault hits; the fault has occurred when the function returns. */
const appendInto = async ({ double, client }: DoubleFixture, fault: AppendFault) => {
  double.faults.nextAppends(fault);
  double.gates.commits.close();
  const append = client.appendToStream('s', anEvent());
  await double.gates.commits.arrived(1);
  double.gates.commits.open();
  return { append };
};

describe('The double fails appends', () => {
  for (const [path, options] of paths)
    for (const then of ['reset', 'restart', 'timeout', 'not-ready'] as const)
      for (const commit of [false, true])
        it(`${path}: ${then} ${commit ? 'after' : 'before'} the commit`, async () => {
          await using fixture = await openDouble({ downTime: 0 });
          const { double, client } = fixture;
          await client.appendToStream('s', anEvent(), options);
          double.faults.nextAppends({ commit, then });
          const error = await rejection(client.appendToStream('s', anEvent(), options));
          expect(error).to.have.property('type', errors[then][path]);
          await double.settled();
          expect(double.stored('s')).to.have.length(commit ? 2 : 1);
          expect(double.restarts).to.equal(then === 'restart' ? 1 : 0);
          const { nextExpectedRevision } = await client.appendToStream('s', anEvent(), options);
          expect(nextExpectedRevision).to.equal(commit ? 2n : 1n);
        });

  for (const commit of [false, true])
    it(`silence ${commit ? 'after' : 'before'} the commit: no answer, and the others get theirs`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      const lost = await appendInto(fixture, { commit, then: 'silence' });
      await client.appendToStream('t', anEvent());
      expect(await isPending(lost.append)).to.equal(true);
      expect(double.stored('s')).to.have.length(commit ? 1 : 0);
    });

  it('a graceful end of the batch stream leaves the append without an answer', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    const lost = await appendInto(fixture, { commit: true, then: 'end' });
    await client.appendToStream('t', anEvent(), classic);
    expect(await isPending(lost.append)).to.equal(true);
    expect(double.stored('s')).to.have.length(1);
    expect(double.openCalls('batch')).to.equal(0);
  });

  it('every append, until the switch is off again', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.appends = { commit: false, then: 'timeout' };
    for (const attempt of [1, 2, 3])
      expect((await rejection(client.appendToStream(`s${attempt}`, anEvent())))['type']).to.equal(
        'deadline-exceeded',
      );
    double.faults.appends = undefined;
    await client.appendToStream('s', anEvent());
    expect(double.stored()).to.have.length(1);
  });

  for (const [path, options] of paths)
    it(`${path}: access denied`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      double.faults.denied.appends = true;
      const error = await rejection(client.appendToStream('s', anEvent(), options));
      expect(error['type']).to.equal('access-denied');
      expect(double.stored()).to.have.length(0);
    });

  for (const [path, options] of paths)
    it(`${path}: larger than the set limit`, async () => {
      await using fixture = await openDouble({ maxAppendSize: 100 });
      const { double, client } = fixture;
      const error = await rejection(client.appendToStream('s', [anEvent(), anEvent()], options));
      expect(error).to.include({ type: 'maximum-append-size-exceeded', maxAppendSize: 100 });
      expect(double.stored()).to.have.length(0);
    });

  it('late appends are refused when their deadline is over, and not written', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    await client.appendToStream('s', anEvent());
    double.faults.appendDelay = 50;
    const error = await rejection(client.appendToStream('s', anEvent(), { deadline: 1 }));
    expect(error['type']).to.equal('deadline-exceeded');
    await client.appendToStream('s', anEvent());
    expect(double.stored('s')).to.have.length(2);
  });

  it('a failed list of the features fails the append that asked for the list', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.nextCalls('features', failure(status.INTERNAL, 'No features'));
    const error = await rejection(client.appendToStream('s', anEvent()));
    expect(error).to.include({ code: status.INTERNAL });
    expect(double.stored()).to.have.length(0);
  });

  for (const fault of ['without-batch-append', 'unimplemented'] as const)
    it(`a server that is ${fault} gets its appends one by one`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      double.faults.serverFeatures = fault;
      await client.appendToStream('s', anEvent());
      expect(double.openCalls('batch')).to.equal(0);
      expect(double.stored()).to.have.length(1);
    });

  it('sends appends that require the leader to the leader, or all appends', async () => {
    await using leader = await openDouble();
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.notLeader = leader.double.endpoint;
    await client.appendToStream('s', anEvent(), classic);
    const error = await rejection(
      client.appendToStream('s', anEvent(), { ...classic, requiresLeader: true }),
    );
    const { host: address, port } = leader.double.endpoint;
    expect(error).to.have.property('type', 'not-leader');
    expect(error['leader']).to.deep.equal({ address, port });
    await client.appendToStream('s', anEvent(), { ...classic, requiresLeader: true });
    expect([double.stored().length, leader.double.stored().length]).to.deep.equal([1, 1]);
  });

  it('also appends that do not ask for the leader, if the switch says so', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.notLeader = { host: '127.0.0.1', port: 1, always: true };
    const error = await rejection(client.appendToStream('s', anEvent(), classic));
    expect(error).to.have.property('type', 'not-leader');
  });
});

describe('Random faults', () => {
  const drawn = (seed: number): readonly (AppendFault | undefined)[] => {
    const faults = new Faults();
    faults.randomly({
      seed,
      reset: 0.1,
      lostAcknowledgement: 0.1,
      silence: 0.1,
      gracefulEnd: 0.1,
      restart: 0.1,
    });
    return Array.from({ length: 1_000 }, () => faults.takeAppendFault());
  };

  it('are the same for the same seed, and others for another', () => {
    expect(drawn(1)).to.deep.equal(drawn(1));
    expect(drawn(1)).not.to.deep.equal(drawn(2));
  });

  it('are all drawn, about as often as asked for', () => {
    const kinds = drawn(3).map((fault) =>
      fault ? `${fault.then} ${fault.commit ? 'after' : 'before'}` : 'none',
    );
    const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
    expect(count('none')).to.be.within(400, 600);
    for (const kind of ['reset before', 'reset after']) expect(count(kind)).to.be.within(60, 140);
    for (const then of ['silence', 'end', 'restart'])
      for (const when of ['before', 'after']) expect(count(`${then} ${when}`)).to.be.within(20, 80);
  });

  it('lose nothing and double nothing when the writer repeats with the same id and revision', async () => {
    await using fixture = await openDouble({ downTime: 0 });
    const { double, client } = fixture;
    double.faults.randomly({ seed: 7, reset: 0.03, lostAcknowledgement: 0.03, restart: 0.01 });
    const write = async (stream: string): Promise<string[]> => {
      const written: string[] = [];
      while (written.length < 60) {
        const event = anEvent();
        const expectedRevision = written.length === 0 ? 'no_stream' : BigInt(written.length - 1);
        const attempt = (): Promise<boolean> =>
          client.appendToStream(stream, event, { expectedRevision, ...classic }).then(
            () => true,
            () => false,
          );
        while (!(await attempt())) await double.settled();
        written.push(event.id);
      }
      return written;
    };
    const streams = ['a', 'b', 'c', 'd'];
    const written = await Promise.all(streams.map(write));
    expect(double.restarts).to.be.greaterThan(0);
    for (const [index, stream] of streams.entries())
      expect(double.stored(stream).map(({ id }) => id)).to.deep.equal(written[index]);
  });
});
