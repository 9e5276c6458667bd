import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { codeBlocks } from './pages.js';

const page = readFileSync('CONTRIBUTING.md', 'utf8');
/** Folders that a clean clone does not have. */
const made = readFileSync('.gitignore', 'utf8').split('\n');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe('CONTRIBUTING.md', () => {
  it('describes every script of package.json', () => {
    const told = (name: string): boolean =>
      [`npm run ${name}`, `npm ${name}\``, `\`${name}\``].some((words) => page.includes(words));
    expect(Object.keys(scripts).filter((name) => !told(name) && name !== 'bench:build')).to.deep.equal([]);
  });

  for (const [file, count] of Object.entries({ 'CONTRIBUTING.md': 12, 'README.md': 12 }))
    it(`names only places that exist, as does ${file}`, () => {
      const named = [...readFileSync(file, 'utf8').matchAll(/`(?<path>(?:src|test|docs)\/[\w./-]+)`/g)].map(
        ({ groups }) => groups?.['path'] ?? '',
      );
      expect(named).to.have.length.above(count);
      expect(named.filter((path) => !made.includes(path) && !existsSync(path))).to.deep.equal([]);
    });

  it('lists the scripts in order of their names', () => {
    const names = Object.keys(scripts);
    expect(names).to.deep.equal([...names].sort());
  });
});

describe('README.md', () => {
  it('begins with the two commands of a fresh clone', () => {
    const commands = codeBlocks('README.md').flatMap(({ language, text }) =>
      language === 'sh' ? [text.trim()] : [],
    );
    expect(commands.slice(0, 2)).to.deep.equal(['npm ci && npm run demo', 'npm ci && npm test']);
  });

  it('names only scripts of package.json', () => {
    const text = readFileSync('README.md', 'utf8');
    const named = [...text.matchAll(/npm run (?<name>[\w:]+)/g)].map(({ groups }) => groups?.['name'] ?? '');
    expect(named).to.have.length.above(2);
    expect(named.filter((name) => !(name in scripts))).to.deep.equal([]);
  });
});
