import { expect } from 'chai';
import { withDeadline } from '../../support/deadlines.js';
import { runToEnd } from './runToEnd.js';

const bash = (script: string, longestMs = 60_000) =>
  runToEnd('bash', ['-c', script], { name: 'the page', cwd: '.', env: process.env, longestMs });

async function messageOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it ended with 0');
}

describe('a program that a test runs', () => {
  it('returns its output', async () => {
    expect(await bash('echo said; echo complained >&2')).to.include({
      stdout: 'said\n',
      stderr: 'complained\n',
    });
  });

  it('is killed when it takes too long, and the failure gives the number of seconds and the output', async () => {
    await withDeadline(async (longestMs) => {
      const message = await messageOf(bash('echo begun; exec sleep 600', longestMs));
      expect(message).to.match(new RegExp(`^the page\\nwas killed after ${String(longestMs / 1_000)} s\\n`));
      return message.endsWith('\nbegun\n');
    });
  });

  it('returns its status or the signal that ended it', async () => {
    expect(await messageOf(bash('echo why >&2; exit 3'))).to.equal('the page\nended with 3\nwhy\n');
    expect(await messageOf(bash('kill -TERM $$'))).to.equal('the page\nwas ended by SIGTERM\n');
  });
});
