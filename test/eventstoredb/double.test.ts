import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { startDouble } from './double/startDouble.js';
import { replayScenario, type Compared } from './replay/replayScenario.js';
import { readScenarios, type Scenario } from './replay/scenario.js';

const patience = { expected: 30_000, quiet: 100 };

describe('The protocol double gives the answers that were recorded from EventStoreDB 24.2', () => {
  const scenarios = readScenarios();
  const replayed = new Map<string, Promise<readonly Compared[]>>();

  const cleanUp: (() => Promise<void>)[] = [];

  // Each scenario runs on a double of its own, all at once: most of the time is spent waiting for messages that
  // must not arrive.
  const replay = async (scenario: Scenario): Promise<readonly Compared[]> => {
    const double = await startDouble();
    // The client's own deadline of 10 s may pass on a busy machine.
    const client = EventStoreDBClient.connectionString(`${double.connectionString}&defaultDeadline=60000`);
    cleanUp.push(async () => {
      await client.dispose();
      await double.close();
    });
    return await replayScenario(client, scenario, patience);
  };

  before(() => {
    for (const scenario of scenarios) replayed.set(scenario.name, replay(scenario));
  });

  // Close all at the end: the end of one client's batch stream fails the pending appends of all clients of the process.
  after(async () => {
    await Promise.allSettled(replayed.values());
    await Promise.all(cleanUp.map((end) => end()));
  });

  it('to all of 215 calls', () => {
    expect(scenarios.flatMap(({ steps }) => steps)).to.have.length(215);
  });

  for (const { name, steps } of scenarios)
    it(`${name}: ${steps.length} calls`, async () => {
      const compared = (await replayed.get(name)) ?? [];
      expect(compared).to.have.length(steps.length);
      for (const { step, recorded, answered } of compared)
        expect(answered, JSON.stringify(step)).to.deep.equal(recorded);
    });
});
