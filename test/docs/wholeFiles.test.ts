import { expect } from 'chai';
import { join } from 'node:path';
import { wholeFile } from './examples.js';
import { codeBlocks, pages } from './pages.js';

const withoutBlankLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .join('\n');

describe('code that a page shows', () => {
  for (const page of pages) {
    const blocks = codeBlocks(page).filter(({ source }) => source !== undefined);
    const files = new Set(blocks.map(({ source }) => source?.split('#')[0] ?? ''));
    for (const file of files)
      it(`is the whole of ${file} on ${page}, in its order`, () => {
        const shown = blocks.filter(({ source }) => source?.split('#')[0] === file);
        const text = shown.map((block) => block.text).join('\n');
        expect(withoutBlankLines(text)).to.equal(wholeFile(join('docs', file)));
      });
  }

  it('uses no syntax that current versions of Node lack', () => {
    const found = pages.flatMap((page) =>
      codeBlocks(page)
        .filter(({ language, text }) => language === 'ts' && /\bawait using\b|^\s*using /m.test(text))
        .map(({ line }) => `${page}:${line}`),
    );
    expect(found).to.deep.equal([]);
  });
});
