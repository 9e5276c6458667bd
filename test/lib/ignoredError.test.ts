import { expect } from 'chai';
import { systemClock } from '../../src/lib/clock.js';
import { reportIgnored, reportRejection, runReporting } from '../../src/lib/ignoredError.js';

/** The warnings that arise while `action` runs. */
async function warningsOf(action: () => unknown): Promise<readonly string[]> {
  const heard: string[] = [];
  const hear = ({ name, message }: Error) => heard.push(`${name}: ${message}`);
  process.on('warning', hear);
  try {
    await action();
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    return heard;
  } finally {
    process.off('warning', hear);
  }
}

describe('an error that no caller can catch', () => {
  it('is a warning of the process, whether the error is thrown or rejected', async () => {
    const warnings = await warningsOf(() => {
      runReporting('a', () => {
        throw new Error('one');
      });
      runReporting('b', () => Promise.reject(new Error('two')));
      reportRejection('c', Promise.reject(new Error('three')));
    });
    expect(warnings.map((text) => text.split('Warning: ')[1])).to.have.members([
      'a threw and is ignored: Error: one',
      'b threw and is ignored: Error: two',
      'c threw and is ignored: Error: three',
    ]);
  });

  it('of a timer of the clock is a warning too', async () => {
    const warnings = await warningsOf(
      () =>
        new Promise<void>((resolve) => {
          systemClock().after(0, () => {
            resolve();
            throw new Error('late');
          });
        }),
    );
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('late');
  });

  it('is reported at most ten times for each place', async () => {
    const warnings = await warningsOf(() => {
      for (let times = 0; times < 1_000; times++) reportIgnored('one place', new Error('again'));
      reportIgnored('another place', new Error('once'));
    });
    expect(warnings).to.have.length(11);
  });

  it('is reported also where the error has no text', async () => {
    const warnings = await warningsOf(() => {
      reportIgnored('a place of its own', Object.create(null));
    });
    expect(warnings).to.have.length(1);
  });
});
