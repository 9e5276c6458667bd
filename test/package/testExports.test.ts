import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';

const exported =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type|let) (?<name>\w+)/gm;
/** Mocha reads it by its name. */
const forMocha = 'mochaHooks';

const textsOf = (folder: string): readonly (readonly [file: string, text: string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`${folder}/${file}`, readFileSync(`${folder}/${file}`, 'utf8')] as const);

/** A text without its strings in backticks, which may be programs with exports of their own. */
const withoutPrograms = (text: string): string => text.replaceAll(/`[^`]*`/g, '``');

function unused(files: readonly (readonly [file: string, text: string])[]): readonly string[] {
  return files
    .filter(([file]) => file.startsWith('test/') && !file.startsWith('test/types/'))
    .flatMap(([file, text]) =>
      [...withoutPrograms(text).matchAll(exported)]
        .map(({ groups }) => groups?.['name'] ?? '')
        .filter((name) => name !== forMocha)
        .filter(
          (name) => !files.some(([other, used]) => other !== file && new RegExp(`\\b${name}\\b`).test(used)),
        )
        .map((name) => `${file}: ${name}`),
    );
}

describe('helpers of tests', () => {
  it('export only what another file uses', () => {
    expect(unused([...textsOf('test'), ...textsOf('docs')])).to.deep.equal([]);
  });

  it('are found where no other file uses the helpers', () => {
    const files = [
      [
        'test/support/a.ts',
        'export const used = 1;\nexport function unusedOne() {}\nexport interface Own {}',
      ],
      ['test/b.test.ts', "import { used } from './support/a.js';"],
    ] as const;
    expect(unused(files)).to.deep.equal(['test/support/a.ts: unusedOne', 'test/support/a.ts: Own']);
  });
});
