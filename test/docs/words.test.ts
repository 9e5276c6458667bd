import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { filesBelow } from '../package/importGraph.js';

/** Pronouns that hide the actor, and old phrases for plain ones. */
const banned =
  /\b(?:nobody|somebody|anybody|whoever|whomever|whatever|anew|afresh|in vain|for ever|(?:keys?|events|lists?) of before)\b/i;

/** Texts from elsewhere, and this list. */
const exceptions = [
  /^test\/vectors\//,
  /^src\/zitadel\/(?:generated|proto)\//,
  /^test\/docs\/words\.test\.ts$/,
];

const written = /\.(?:ts|tsx|js|cjs|md|json|yml)$/;

function files(): readonly string[] {
  const folders = ['src', 'test', 'docs', '.ci'].flatMap((folder) =>
    filesBelow(folder).map((file) => `${folder}/${file}`),
  );
  const root = readdirSync('.').filter((file) => file !== 'package-lock.json');
  return [...folders, ...root].filter(
    (file) => written.test(file) && !exceptions.some((exception) => exception.test(file)),
  );
}

/** The lines of a text that use a banned word, with their numbers. */
const findings = (text: string): readonly string[] =>
  text.split('\n').flatMap((line, place) => {
    const found = banned.exec(line);
    return found ? [`${place + 1}: ${found[0]}`] : [];
  });

describe('the words of code, tests and documentation', () => {
  it('name the actor: a caller, a target, an operator', () => {
    const all = files();
    expect(all).to.have.length.above(900);
    const found = all.flatMap((file) =>
      findings(readFileSync(file, 'utf8')).map((finding) => `${file}:${finding}`),
    );
    expect(found).to.deep.equal([]);
  });

  for (const text of [
    '// Nobody waits for it.',
    "throw new Error('whatever it is')",
    '/** Previous\n * keys, drawn anew. */',
    'Somebody else calls',
  ])
    it(`are judged in ${JSON.stringify(text)}`, () => {
      expect(findings(text)).to.have.length(1);
    });

  it('may be parts of other words', () => {
    expect(findings('renewed, bodies, everyone, a forever loop')).to.deep.equal([]);
  });
});
