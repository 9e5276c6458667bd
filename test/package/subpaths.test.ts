import { expect } from 'chai';
import { readFileSync } from 'node:fs';

interface Entry {
  readonly require?: { readonly types: string; readonly default: string };
  readonly types: string;
  readonly default: string;
}

const { exports, typesVersions } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, Entry | string>>;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
};

describe('the subpaths of the package', () => {
  for (const [subpath, entry] of Object.entries(exports)) {
    if (typeof entry === 'string') continue;
    it(`${subpath} is found by require, and by TypeScript in CommonJS and without exports`, () => {
      expect(entry.require, 'require stands first in its row of exports').to.deep.equal({
        types: entry.types.replace(/\.ts$/, '.cts'),
        default: entry.default.replace(/\.js$/, '.cjs'),
      });
      expect(Object.keys(entry), 'the first condition that holds is taken').to.have.ordered.members([
        'require',
        'types',
        'default',
      ]);
      if (subpath !== '.') expect(typesVersions['*'][subpath.slice(2)]).to.deep.equal([entry.types]);
    });
  }
});
