import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Command } from 'commander';
import { documentedCommands, programForHelp } from '../../cli/referencePages.js';
import { runHere } from './runHere.js';
import { shellWords } from './shellWords.js';

describe('help', () => {
  it('shows the named subcommand, as --help does', async () => {
    for (const words of [
      ['targets'],
      ['targets', 'add'],
      ['targets', 'keys', 'add'],
      ['projection', 'rebuild'],
    ]) {
      const asked = await runHere([...words, '--help']);
      expect(asked.stdout).to.include(`Usage: eventstore-actions ${words.join(' ')} `);
      const [first = '', ...rest] = words;
      const named = [['help', ...words], ...(rest.length === 0 ? [] : [[first, 'help', ...rest]])];
      for (const parameters of named)
        expect(await runHere(parameters), parameters.join(' ')).to.deep.equal({
          status: 0,
          stdout: asked.stdout,
          stderr: '',
        });
    }
  });

  it('shows the named command with its argument', async () => {
    const { stdout, status } = await runHere(['help', 'explain', 'event/order.placed']);
    expect(status).to.equal(0);
    expect(stdout).to.include('Usage: eventstore-actions explain ');
  });

  it("is the program's help without a command", async () => {
    expect(await runHere(['help'])).to.deep.equal(await runHere(['--help']));
  });

  it('goes to stderr with exit code 2 where a command is missing, and scripts get the error as JSON', async () => {
    const run = await runHere(['targets']);
    expect(run).to.include({ status: 2, stdout: '' });
    expect(run.stderr).to.include('Usage: eventstore-actions targets').and.not.include('error:');
    const scripted = await runHere(['targets', '--json']);
    expect(scripted).to.include({ status: 2, stdout: '' });
    expect(JSON.parse(scripted.stderr)).to.nested.include({ 'error.code': 'USAGE' });
  });

  it('teaches each command by an example of its own', () => {
    for (const { words, help } of documentedCommands())
      expect(help, words.join(' ')).to.match(
        new RegExp(`^ {2}\\$ .*eventstore-actions (?:.* )?${words.join(' ')}\\b`.replace('  ', ' '), 'm'),
      );
  });

  it('has examples with commands, options and arguments that exist', () => {
    const program = programForHelp();
    const called: string[] = [];
    const stub = (command: Command, words: readonly string[]): void => {
      if (command.commands.length === 0) command.action(() => void called.push(words.join(' ')));
      for (const each of command.commands) stub(each, [...words, each.name()]);
    };
    stub(program, []);
    const examples = documentedCommands().flatMap(({ words, help }) =>
      [
        ...help
          .replaceAll(/\\\n\s*/g, '')
          .matchAll(/^ {2}\$ .*?(?<![.\w/])eventstore-actions (?<rest>.*)$/gm),
      ].map(({ groups }) => ({
        words,
        example: (groups?.['rest'] ?? '').replace(/(?: (?:[|>]|\|\||&&|once the) .*|\))$/, ''),
      })),
    );
    expect(examples.length).to.be.above(50);
    for (const { words, example } of examples) {
      const before = called.length;
      const parse = () => program.parse(shellWords(example), { from: 'user' });
      expect(parse, `${words.join(' ')}: ${example}`).to.not.throw();
      expect(called.length, example).to.equal(before + 1);
    }
  });

  it("says that only a refusal is read from a webhook's answer", async () => {
    const { stdout } = await runHere(['targets', 'add', '--help']);
    expect(stdout.replaceAll(/\s+/g, ' ')).to.contain('of its answer only a refusal is read');
  });

  it('agrees with the guide to receivers that only a durable delivery is repeated', () => {
    const guide = readFileSync('docs/guides/receiving.md', 'utf8').replaceAll(/\s+/g, ' ');
    expect(guide).to.contain('a failed durable delivery is sent again under the same `call.id`');
    expect(guide).to.contain('The sender never repeats an inline call.');
  });
});
