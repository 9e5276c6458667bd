import { expect } from 'chai';
import type { Command } from 'commander';
import { codeBlocks } from '../../docs/pages.js';
import { programForHelp } from '../../cli/referencePages.js';
import { shellWords } from './shellWords.js';

const guide = 'docs/guides/operations.md';

function commandLines(): readonly string[] {
  const shell = codeBlocks(guide).filter(({ language }) => language === 'sh');
  const text = shell.map((block) => block.text.replaceAll('\\\n', ' ')).join('\n');
  return [...text.matchAll(/eventstore-actions (?<words>[^|)>#\n]+)/g)].map(({ groups }) =>
    (groups?.['words'] ?? '').trim(),
  );
}

/** Parses as the program does, and then does nothing. */
function withoutActions(command: Command): Command {
  if (command.commands.length === 0) command.action(() => undefined);
  for (const each of command.commands) withoutActions(each);
  return command;
}

describe('the operations guide', () => {
  it('has many command lines', () => {
    expect(commandLines()).to.have.length.above(15);
  });

  for (const line of commandLines())
    it(`may say: eventstore-actions ${line}`, async () => {
      await withoutActions(programForHelp()).parseAsync(shellWords(line), { from: 'user' });
    });
});
