import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { codeBlocks } from '../../../docs/pages.js';
import { runHere } from '../runHere.js';
import { shellWords } from '../shellWords.js';
import { openGuide } from './guideScenario.js';

const guide = 'docs/guides/backtest.md';

/** Replaces times and random ids, which differ from run to run. */
const masked = (text: string): string =>
  text
    .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+Z| UTC)/g, '<time>')
    .replaceAll(/[\d.]+ m?s\b/g, '<duration>')
    .replaceAll(/ +/g, ' ');

describe('the guide to backtest', () => {
  const blocks = codeBlocks(guide);

  it('shows the output of its commands', async () => {
    const { env, file, server } = await openGuide();
    const commands = blocks.flatMap((block, index) =>
      block.language === 'sh' ? [{ line: block.text.trim(), output: blocks[index + 1]!.text }] : [],
    );
    expect(commands).to.have.length(2);
    for (const { line, output } of commands) {
      const words = shellWords(line.replace('npx eventstore-actions ', '')).map((word) =>
        word === 'report.html' ? file(word) : word,
      );
      const { status, stdout } = await runHere(words, env);
      expect(status).to.equal(0);
      expect(masked(stdout.trimEnd())).to.equal(masked(output.trimEnd()));
      expect(server.received).to.have.length(line.includes('--send') ? 300 : 0);
    }
    expect(existsSync(file('report.html'))).to.equal(true);
  });
});
