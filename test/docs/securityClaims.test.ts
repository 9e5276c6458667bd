import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';

const page = 'docs/explanation/security.md';
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

interface Threat {
  readonly threat: string;
  readonly claims: readonly { readonly file: string; readonly titles: readonly string[] }[];
}

/** Every list item between the first heading that names threats and the last one. */
function threats(): readonly Threat[] {
  const text = readFileSync(page, 'utf8');
  const body = text.slice(text.indexOf('## Where calls go'), text.indexOf('## What it does not do'));
  return body
    .split(/^- /m)
    .slice(1)
    .map((item) => {
      const line = oneLine(item.split(/^## /m)[0] ?? '');
      const claims = [
        ...line.matchAll(/`(?<file>test\/[^`]+\.test\.ts)`: (?<titles>"[^"]+"(?:, "[^"]+")*)/g),
      ];
      return {
        threat: /\*\*(?<threat>[^*]+)\*\*/.exec(line)?.groups?.['threat'] ?? line,
        claims: claims.map(({ groups }) => ({
          file: groups?.['file'] ?? '',
          titles: [...(groups?.['titles'] ?? '').matchAll(/"(?<title>[^"]+)"/g)].map(
            ({ groups: found }) => found?.['title'] ?? '',
          ),
        })),
      };
    });
}

describe('the threat model', () => {
  it('names threats', () => {
    expect(threats()).to.have.length.above(25);
  });

  for (const { threat, claims } of threats())
    it(`cites only existing tests for: ${threat}`, () => {
      expect(claims).not.to.deep.equal([]);
      for (const { file, titles } of claims) {
        expect(existsSync(file), file).to.equal(true);
        for (const title of titles) expect(oneLine(readFileSync(file, 'utf8'))).to.contain(title);
      }
    });

  it('is linked from the security policy', () => {
    const links = [...readFileSync('SECURITY.md', 'utf8').matchAll(/\]\((?<to>[^)#]+)/g)];
    expect(links.map(({ groups }) => groups?.['to'])).to.include(page);
  });
});
