import { expect } from 'chai';
import { deliveriesText, lacksWorkers } from '../../../src/console/page/pages/deliveries/deliveriesText.js';

describe('the workers in the console', () => {
  const state = { workers: 0, deadLetters: 0, healthy: true, targets: [] };
  const target = { targetID: 't', state: 'live' } as never;

  it('are shown as missing when a durable target has no worker, and the state is then not well', () => {
    expect(lacksWorkers(state)).to.equal(false);
    expect(lacksWorkers({ ...state, targets: [target] })).to.equal(true);
    expect(deliveriesText({ ...state, targets: [target], deadLetters: 2 })).to.equal(
      'No worker lives: nothing is delivered. 2 dead letters.',
    );
    expect(deliveriesText(state)).to.equal(
      'No target has durable delivery, and no worker lives. 0 dead letters.',
    );
    expect(deliveriesText({ ...state, workers: 1, targets: [target] })).to.equal(
      '1 worker lives, 0 dead letters; all is well.',
    );
    expect(deliveriesText({ ...state, workers: 2, healthy: false, targets: [target] })).to.equal(
      '2 workers live, 0 dead letters.',
    );
  });
});
