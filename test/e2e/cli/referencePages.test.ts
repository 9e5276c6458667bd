import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { documentedCommands, onPage, referencePages } from '../../cli/referencePages.js';
import { runProgram, useProgram } from './program.js';

/** Processes at once: further ones would only wait for the processor. */
const atOnce = 2;

const pages = Object.entries(await referencePages());

describe('the reference of the command line', () => {
  useProgram();

  for (const [path, expected] of pages)
    it(`${path} has the text that the program prints`, () => {
      expect(readFileSync(path, 'utf8'), 'npm run docs:write writes it').to.equal(expected);
    });

  it('has every command, and for each the help that the built program prints', async () => {
    const page = readFileSync('docs/reference/cli.md', 'utf8');
    const waiting = [...documentedCommands()];
    expect(waiting).to.have.length.above(25);
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { status, stdout, stderr } = await runProgram([...next.words, '--help']);
        expect([status, stderr], next.words.join(' ')).to.deep.equal([0, '']);
        expect(stdout.length, next.words.join(' ')).to.be.above(100);
        expect(page, next.words.join(' ')).to.include(`\`\`\`text\n${onPage(stdout)}\n\`\`\``);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }).timeout(300_000);

  it('describes each command, argument and option', () => {
    for (const { help, words } of documentedCommands())
      for (const line of help
        .split('\n')
        .filter((each) => /^ {2}(?:-{1,2}\w|<|\[)/.test(each) && each.length < 60))
        expect(line.trim(), words.join(' ')).to.match(/\S {2,}\S/);
  });
});
