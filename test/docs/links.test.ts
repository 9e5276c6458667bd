import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from './pages.js';

const link = /\]\((?<to>[^)\s]+)\)/g;

/** The anchor that GitHub gives a heading. */
const anchors = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (?<title>.+)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

function isBroken(page: string, to: string): boolean {
  if (/^[a-z]+:/.test(to)) return false;
  const [path = '', anchor] = to.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(file)) return true;
  return anchor !== undefined && file.endsWith('.md') && !anchors(file).includes(anchor);
}

const linksOf = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(link)].map(({ groups }) => groups?.['to'] ?? '');

const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] };
const packed: readonly string[] = [...files, 'README.md', 'LICENSE', 'package.json'];

/** Whether a link of a packed page leads to a file that is not packed. */
const leavesThePackage = (page: string, to: string): boolean => {
  const file = join(dirname(page), to.split('#')[0] ?? '');
  return !/^[a-z]+:|^#/.test(to) && !packed.some((each) => file === each || file.startsWith(`${each}/`));
};

/** Every page that links lead to from this one. */
function reachable(page: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(page)) return found;
  found.add(page);
  for (const to of linksOf(page)) {
    const file = join(dirname(page), to.split('#')[0] ?? '');
    if (pages.includes(file)) reachable(file, found);
  }
  return found;
}

describe('links in the documentation', () => {
  it('lead from the README to every page', () => {
    const found = reachable('README.md');
    expect(pages.filter((page) => !found.has(page))).to.deep.equal([]);
  });

  for (const page of [...pages, 'CHANGELOG.md', 'SECURITY.md']) {
    it(`${page} leads to files and headings that exist`, () => {
      expect(linksOf(page).filter((to) => isBroken(page, to))).to.deep.equal([]);
    });

    it(`${page} links only to files that the package contains`, () => {
      expect(linksOf(page).filter((to) => leavesThePackage(page, to))).to.deep.equal([]);
    });
  }
});
