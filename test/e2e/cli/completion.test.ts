import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';
import { programFile, useProgram } from './program.js';
import { runHere } from './runHere.js';

const complete = async (...words: readonly string[]) =>
  (await runHere(['__complete', '--', ...words])).stdout.split('\n').filter((word) => word !== '');

describe('completion', () => {
  it('offers commands, options and choices, except hidden ones', async () => {
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
    expect(await complete('help', 'targets', 'keys', 'de')).to.deep.equal(['deactivate']);
    expect(await complete('targets', 'help', 'ro')).to.deep.equal(['rotate-key']);
    expect(await complete('completion', '')).to.deep.equal(['bash', 'fish', 'zsh']);
    expect(await complete('targets', 'show', '--name', 'x', 'no such')).to.deep.equal([]);
  });

  it('prints a script for each shell', async () => {
    const script = async (shell: string) => (await runHere(['completion', shell])).stdout;
    expect(await script('bash'))
      .to.include(' __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" ')
      .and.match(/^complete -o default -F _eventstore_actions eventstore-actions$/m);
    expect(await script('zsh'), 'sourced, or in the fpath; compinit may not have run yet')
      .to.match(/^#compdef eventstore-actions\n/)
      .and.include(' __complete -- "${(@)words[2,CURRENT]}" ')
      .and.include('(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n')
      .and.include('if [[ $funcstack[1] == _eventstore-actions ]]; then\n  _eventstore-actions "$@"\nelse\n');
    expect(await script('fish'), 'files only where there is nothing else')
      .to.include(' __complete -- $words[2..-1] ')
      .and.include("printf '%s\\n' $candidates\n")
      .and.match(/^complete -c eventstore-actions -f -a '\(__eventstore_actions\)'$/m);
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
    });
  });
});
