import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { examples, region, runElsewhere, runExample } from '../../docs/examples.js';
import { codeBlocks, pages } from '../../docs/pages.js';

/** Code in these languages runs in a test: each block has to name the file. */
const runnable = ['ts', 'typescript', 'js', 'javascript', 'mjs', 'tsx', 'jsx'];

describe('code in the documentation', () => {
  const outputs = new Map<string, string>();

  for (const example of examples) {
    it(`${example} runs and ends by itself`, async () => {
      outputs.set(example, await runExample(example));
    });
  }

  for (const page of pages) {
    for (const { line, language, source, output, text } of codeBlocks(page)) {
      if (source !== undefined)
        it(`${page}:${line} is ${source}, which runs`, () => {
          expect(text, 'npm run docs:write writes it').to.equal(region(source));
          const file = join('docs', source.split('#')[0] ?? '');
          const test = runElsewhere[file];
          if (test === undefined) expect(examples).to.include(file);
          else
            expect(readFileSync(test, 'utf8'), `${test} runs it`).to.satisfy((text: string) =>
              [basename(file), basename(page)].some((name) => text.includes(name)),
            );
        });
      else if (output !== undefined && runElsewhere[join('docs', output)] === undefined)
        it(`${page}:${line} is the output of ${output}`, () => {
          expect(text, 'npm run docs:write writes it').to.equal(outputs.get(join('docs', output)));
        });
      else
        it(`${page}:${line} is run by a test`, () => {
          expect(runnable, 'name its source: ```ts source=examples/<file>.ts#<region>').not.to.include(
            language,
          );
        });
    }
  }

  it('tells where the getting-started page gets its code from', () => {
    const blocks = codeBlocks('docs/getting-started.md').filter(({ language }) => language === 'ts');
    expect(blocks).to.have.length.above(5);
  });
});
