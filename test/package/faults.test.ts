import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { faults } from './faults.js';

/** The texts of a file without comments; substitutions are shown as `${...}`. */
function textsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join('test', file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    else if (ts.isTemplateExpression(node)) texts.push(node.getText());
    else if (ts.isIdentifier(node) && ts.isPropertyAssignment(node.parent)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const known = new Map<string, readonly string[]>();
const isNamed = (file: string, title: string): boolean => {
  if (!known.has(file)) known.set(file, textsOf(file));
  return (known.get(file) ?? []).some((text) => text.includes(title));
};

/** The numbers of the faults of each kind, from 1. */
const counts: Readonly<Record<string, number>> = { A: 10, B: 1, C: 6, D: 9, E: 7, F: 15, G: 20 };

describe('the faults that were found', () => {
  it('are all in the table', () => {
    const expected = Object.entries(counts).flatMap(([kind, count]) =>
      Array.from({ length: count }, (_, place) => `${kind}${place + 1}`),
    );
    expect([...new Set(faults.map(({ id }) => id))]).to.deep.equal(expected);
  });

  for (const { id, holds, found, another } of faults)
    it(`have a test with the input that showed the fault, and a test with another input: ${id}, ${holds}`, () => {
      expect(found).not.to.deep.equal(another);
      for (const { file, title } of [found, another]) {
        expect(title.length, file).to.be.above(5);
        expect(isNamed(file, title), `${file}: ${title}`).to.equal(true);
      }
    });
});
