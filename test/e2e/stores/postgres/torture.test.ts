import { expect } from 'chai';
import { torture } from './torture.js';

describe('postgresEventStore under kills', () => {
  it('loses no event, writes none twice or after a veto, and shows followers no gap', async () => {
    const figures = await torture({ seconds: 13, processes: 2, writers: 4 });
    expect(figures.acknowledged).to.be.above(100);
    expect(figures.refused).to.be.above(5);
    expect(figures.serverCrashes).to.be.above(0);
    expect(figures.workersKilled).to.be.above(0);
    const { lost, writtenTwice, writtenAfterVeto, conflicts, holes } = figures;
    expect({ lost, writtenTwice, writtenAfterVeto, conflicts, holes }).to.deep.equal({
      lost: 0,
      writtenTwice: 0,
      writtenAfterVeto: 0,
      conflicts: 0,
      holes: 0,
    });
  }).timeout(300_000);
});
