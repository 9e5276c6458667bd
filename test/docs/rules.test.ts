import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from '../package/importGraph.js';

const page = readFileSync('docs/explanation/rules.md', 'utf8');
const defined = [...page.matchAll(/^- \*\*(?<rule>[A-Z]\d+)\*\* /gm)].map(
  ({ groups }) => groups?.['rule'] ?? '',
);

const cited = (text: string): readonly string[] =>
  [...text.matchAll(/\brules? (?<list>[A-Z]\d{1,2}(?:(?:, | and | to |-)[A-Z]\d{1,2})*)/g)].flatMap(
    ({ groups }) => groups?.['list']?.match(/[A-Z]\d{1,2}/g) ?? [],
  );

describe('the page of rules', () => {
  it('defines each rule once', () => {
    expect(defined).to.have.length.above(40);
    expect(new Set(defined).size).to.equal(defined.length);
  });

  it('numbers the rules of each letter from 1 without a gap', () => {
    for (const letter of new Set(defined.map((rule) => rule[0])))
      expect(
        defined.filter((rule) => rule[0] === letter).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
      ).to.deep.equal(
        defined.filter((rule) => rule[0] === letter).map((_rule, index) => `${letter}${index + 1}`),
      );
  });

  it('defines every rule that the code cites', () => {
    const rules = sourceFiles('src').flatMap((file) => cited(readFileSync(join('src', file), 'utf8')));
    expect(rules).to.have.length.above(20);
    const known = new Set(defined);
    // The rules of durable delivery (D1 and on) have a page of their own.
    expect([...new Set(rules)].filter((rule) => !known.has(rule) && !rule.startsWith('D'))).to.deep.equal([]);
  });
});
