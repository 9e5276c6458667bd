import { expect } from 'chai';
import type { Command } from 'commander';
import { codeBlocks, pages } from '../../docs/pages.js';
import { programForHelp } from '../../cli/referencePages.js';
import { shellWords } from './shellWords.js';

function commandLines(page: string): readonly string[] {
  const shell = codeBlocks(page).filter(({ language }) => language === 'sh');
  const text = shell.map((block) => block.text.replaceAll('\\\n', ' ')).join('\n');
  return [...text.matchAll(/npx eventstore-actions (?<words>[^|)>#\n]+)/g)].map(({ groups }) =>
    (groups?.['words'] ?? '').trim(),
  );
}

/** Parses as the program does, and runs no command. */
function withoutActions(command: Command): Command {
  if (command.commands.length === 0) command.action(() => undefined);
  for (const each of command.commands) withoutActions(each);
  return command;
}

describe('the command lines of the pages', () => {
  it('are many', () => {
    expect(pages.flatMap(commandLines)).to.have.length.above(30);
  });

  it('start the program as a local install does', () => {
    const bare = pages.filter((page) =>
      codeBlocks(page).some(
        ({ language, text }) =>
          language === 'sh' && /(?<!npx |install |install -g |\/)\beventstore-actions [a-z]/.test(text),
      ),
    );
    expect(bare).to.deep.equal([]);
  });

  for (const page of pages)
    for (const line of commandLines(page))
      it(`${page} may say: eventstore-actions ${line}`, async () => {
        await withoutActions(programForHelp()).parseAsync(shellWords(line), { from: 'user' });
      });
});
