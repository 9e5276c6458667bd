import { expect } from 'chai';
import { indexKillLoop } from './indexKillLoop.js';

describe('two processes on one index file', () => {
  it('leave the index whole when either is killed at any moment, and never behind a served answer', async function () {
    this.timeout(300_000);
    const {
      kills,
      killedWhileBuilding: _building,
      rebuilds: _rebuilds,
      answers,
      ...faults
    } = await indexKillLoop(6);
    expect(kills).to.be.at.least(6);
    expect(answers).to.be.greaterThan(100);
    expect(faults).to.deep.equal({
      behind: 0,
      unexplained: 0,
      endedAlone: 0,
      unlikeReplay: 0,
      unlikeFirstRebuild: 0,
      leftBehind: 0,
      corruptions: 0,
    });
  });
});
