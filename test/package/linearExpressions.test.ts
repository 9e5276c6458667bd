import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { sourceFiles } from './importGraph.js';
import { superLinear } from './quantifiers.js';

/** Expressions that are safe for a reason that their text does not show: file, text, and the bound. */
const exceptions: readonly (readonly [file: string, text: string, bound: string])[] = [
  [
    'firing/answers/cleanMessage.ts',
    'terminalSequences',
    'built from text, and given at most 16 times maxBytes: nothing after a quantifier of it can fail',
  ],
];

interface Found {
  readonly file: string;
  readonly text: string;
  readonly why: string;
}

/** Every regular expression of a file that may be slow, and every one that is built while the program runs. */
function slowIn(file: string, text: string): readonly Found[] {
  const found: Found[] = [];
  function visit(node: ts.Node): void {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const why = superLinear(node.text.slice(1, end), node.text.slice(end + 1));
      if (why !== undefined) found.push({ file, text: node.text, why });
    }
    const isCalled = ts.isNewExpression(node) || ts.isCallExpression(node);
    if (isCalled && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp') {
      const name = ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : node.getText();
      found.push({ file, text: name, why: 'is built while the program runs' });
    }
    ts.forEachChild(node, visit);
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const all = sourceFiles('src').flatMap((file) => slowIn(file, readFileSync(`src/${file}`, 'utf8')));
const isException = ({ file, text }: Found) =>
  exceptions.some(([allowed, named]) => allowed === file && named === text);

describe('the regular expressions of the library', () => {
  it('take time that is linear in the length of their input', () => {
    const slow = all.filter((found) => !isException(found));
    expect(slow.map(({ file, text, why }) => `src/${file}: ${text}: ${why}`)).to.deep.equal([]);
  });

  it('have no superfluous exception', () => {
    const needless = exceptions.filter(
      ([file, text]) => !all.some((found) => found.file === file && found.text === text),
    );
    expect(needless).to.deep.equal([]);
  });

  for (const slow of [
    '/0+$/',
    '/\\s+$/m',
    '/(a|b)+c$/',
    '/^(a+)+$/',
    '/^(?:a|ab|b)*$/',
    '/^a*a*$/',
    '/^\\d+[.]?\\d+$/',
    '/^([^,]*)(x[^;]*)?;$/',
    '/x.*y.*z/',
    '/(?<=a*)b/',
    '/^a|b+c/',
    '/^\\s*$/m',
    '/a{3,}b/',
    '/[a-f]+[f-z]/u',
  ])
    it(`would not pass ${slow}`, () => {
      expect(slowIn('new.ts', `const form = ${slow};`)).to.have.lengthOf(1);
    });

  for (const fast of [
    '/^0+/',
    '/[\\s,]+/',
    '/^a*b*$/',
    '/^[^,]*,.*$/',
    '/^(?:[A-Z]|%[0-9]{2})*$/',
    '/^\\d{1,9}(?:\\.\\d{1,6})?$/',
    '/[\\t-\\r]+/g',
    '/a+b/y',
  ])
    it(`passes ${fast}`, () => {
      expect(slowIn('new.ts', `const form = ${fast};`)).to.deep.equal([]);
    });

  it('are also found when they are built while the program runs', () => {
    expect(slowIn('new.ts', `const form = new RegExp(text); RegExp('a');`)).to.have.lengthOf(2);
  });
});
