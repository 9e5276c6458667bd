import { expect } from 'chai';
import { sourceFiles } from './importGraph.js';
import { exportsWithoutUse, sourcesIn } from './sourceExports.js';

/** Read by name, from a path that is made while the tests run. */
const readByName = [
  /^test\/support\/leakGuard\.ts: mochaHooks$/,
  /^test\/e2e\/hostile\/inputs\//,
  /^test\/foreign\/hookedStore\.ts/,
  /^test\/types\//,
];

describe('helpers of tests', () => {
  it('export only what another file uses', () => {
    const sources = ['test', 'docs'].flatMap((folder) => sourcesIn(folder, sourceFiles(folder)));
    expect(
      exportsWithoutUse('test', sources).filter((name) => !readByName.some((each) => each.test(name))),
    ).to.deep.equal([]);
  });

  it('are found where no other file imports them, also where one uses the word', () => {
    const sources = [
      [
        'test/support/a.ts',
        'export const used = 1;\nexport function unusedOne() {}\nexport interface Own {}',
      ],
      ['test/b.test.ts', "import { used } from './support/a.js';\nclass Own {}"],
      ['test/c.test.ts', 'const program = `\nexport const main = 1;\n`;'],
    ] as const;
    expect(exportsWithoutUse('test', sources)).to.deep.equal([
      'test/support/a.ts: unusedOne',
      'test/support/a.ts: Own',
    ]);
  });
});
