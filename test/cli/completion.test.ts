import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../stores/temporaryFolder.js';
import { closeAfterTest } from '../support/openActions.js';
import { programFile, useProgram } from './program.js';
import { runHere } from './runHere.js';

const complete = async (...words: readonly string[]) =>
  (await runHere(['__complete', '--', ...words])).stdout.split('\n').filter((word) => word !== '');

describe('completion', () => {
  it('offers commands, options and choices, and nothing that is hidden', async () => {
    expect(await complete('')).to.include.members(['targets', 'apply', 'projection']);
    expect(await complete('')).to.not.include('__complete');
    expect(await complete('targets', 'r')).to.deep.equal(['remove', 'rotate-key']);
    expect(await complete('targets', 'keys', 'de')).to.deep.equal(['deactivate']);
    expect(await complete('targets', 'list', '--na')).to.deep.equal([
      '--name',
      '--name-ends',
      '--name-equals',
      '--name-starts',
    ]);
    expect(await complete('targets', 'list', '--type', '')).to.deep.equal([
      'async',
      'requestResponse',
      'webhook',
    ]);
    expect(await complete('targets', 'list', '--st')).to.deep.equal(['--store']);
    expect(await complete('completion', '')).to.deep.equal(['bash', 'fish', 'zsh']);
    expect(await complete('targets', 'show', '--name', 'x', 'no such')).to.deep.equal([]);
  });

  it('prints a script for each shell', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await runHere(['completion', shell])).stdout).to.include('eventstore-actions __complete');
  });

  describe('in bash', () => {
    useProgram();

    it('completes by asking the built program', async () => {
      const folder = temporaryFolder();
      closeAfterTest(folder.remove);
      writeFileSync(folder.file('completion.bash'), (await runHere(['completion', 'bash'])).stdout);
      const script = `
        eventstore-actions() { "${process.execPath}" "${programFile()}" "$@"; }
        source "${folder.file('completion.bash')}"
        COMP_WORDS=(eventstore-actions targets ro)
        COMP_CWORD=2
        _eventstore_actions
        echo "\${COMPREPLY[@]}"`;
      expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).to.equal('rotate-key\n');
    }).timeout(60_000);
  });
});
