import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { sourceFiles } from '../package/importGraph.js';
import { exportsWithoutUse, sourcesIn } from '../package/sourceExports.js';
import { errorsPage, explainedReasons, publicErrors } from './errorsPage.js';
import { optionsPage } from './optionsPage.js';
import { publicSurface, type PublicName } from './publicSurface.js';

const has = ({ tags }: PublicName, name: string): boolean => tags.some((tag) => tag.name === name);
const shown = ({ file, name }: PublicName): string => `${file}: ${name}`;

/** The unit that the name of a member implies, and the words for it. */
const units: readonly (readonly [names: RegExp, words: RegExp])[] = [
  [/Ms$/, /milliseconds?\b/i],
  [/Bytes$/, /\bbytes?\b/i],
  [/Seconds$/, /\bseconds?\b/i],
];

describe('the docstrings of the public surface', () => {
  let names: readonly PublicName[];

  before(() => {
    names = publicSurface();
  });

  it('exist for every member that a user can reach', () => {
    expect(names).to.have.length.above(500);
    expect(names.filter(({ text }) => text.trim() === '').map(shown)).to.deep.equal([]);
  });

  it('give the default of every optional member', () => {
    const silent = names.filter(
      (name) => name.isOptional && !has(name, 'defaultValue') && !/\babsent\b/i.test(name.text),
    );
    expect(silent.map(shown)).to.deep.equal([]);
  });

  it('name the unit of every time and size', () => {
    const silent = names.filter(
      ({ name, text, tags }) =>
        name.includes('.') &&
        units.some(
          ([named, words]) =>
            named.test(name) && !words.test(`${text} ${tags.map((tag) => tag.text).join(' ')}`),
        ),
    );
    expect(silent.map(shown)).to.deep.equal([]);
  });

  it('name the errors of every function that can fail', () => {
    const silent = names.filter(
      (name) =>
        name.returnsPromise && !has(name, 'throws') && !/\bnever\s+(rejects|throws)\b/i.test(name.text),
    );
    expect(silent.map(shown)).to.deep.equal([]);
  });
}).timeout(120_000);

describe('the page of errors', () => {
  it('has the text of the docstrings (npm run docs:write)', async () => {
    expect(readFileSync('docs/reference/errors.md', 'utf8')).to.equal(await errorsPage());
  });

  it('says for every error what happened, what was written and what to do', () => {
    const named = publicErrors();
    expect(named).to.have.length.above(20);
    const silent = named.filter(
      ({ text, tags }) =>
        text === '' ||
        ['written', 'remedy'].some((name) => !tags.some((tag) => tag.name === name && tag.text !== '')),
    );
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });

  it('explains every reason of a failed call', () => {
    const [, union = ''] =
      /export type InterruptReason =(?<union>[^;]+);/.exec(readFileSync('src/errors.ts', 'utf8')) ?? [];
    const reasons = Array.from(union.matchAll(/'(?<reason>[\w-]+)'/g), ([, reason = '']) => reason);
    expect(reasons).to.include('refused');
    expect(explainedReasons().map(([reason]) => reason)).to.deep.equal(reasons);
  });
});

describe('the page of options', () => {
  it('has the text of the docstrings (npm run docs:write)', async () => {
    expect(readFileSync('docs/reference/options.md', 'utf8')).to.equal(await optionsPage());
  });
});

/** The compiler names these types in the declaration of `flowFunctions`, whose type it infers. */
const inferred = new Set([
  'src/hooks/flows/claims.ts: ComplementedClaims',
  'src/hooks/flows/samlAttributes.ts: AppendedAttributes',
]);

describe('an export of src', () => {
  it('is public, or is imported by another file', () => {
    const known = new Set([...publicSurface().map(shown), ...inferred]);
    const sources = ['src', 'test', 'docs'].flatMap((folder) => sourcesIn(folder, sourceFiles(folder)));
    expect(exportsWithoutUse('src', sources).filter((name) => !known.has(name))).to.deep.equal([]);
  }).timeout(120_000);

  it('is reported where no other file imports it, also where another file exports the same name', () => {
    const sources = [
      ['src/a/one.ts', 'export interface Used {}\nexport type Own = 1;\nexport const own = 2;'],
      ['src/a/two.ts', "import type { Used } from './one.js';\nexport interface Own {}"],
      ['src/b.ts', "import {\n  type Own as Other,\n} from './a/two.js';"],
      ['src/c.tsx', 'export const shown = 1;'],
      ['test/c.test.ts', "const { shown } = await import('../src/c.js');"],
    ] as const;
    expect(exportsWithoutUse('src', sources)).to.deep.equal(['src/a/one.ts: Own', 'src/a/one.ts: own']);
  });
});
