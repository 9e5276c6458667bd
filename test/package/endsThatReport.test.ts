import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { sourceFiles } from './importGraph.js';

/** Functions that run an action later, when no caller can catch its error. */
const timers: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);

/** Timers that may stand outside `src/lib`: the file, and why their actions cannot throw. */
const exceptions: readonly (readonly [file: string, reason: string])[] = [
  ['cli/backtest/withProgress.ts', 'draws on a terminal: a fault of it ends the command, as any other does'],
  ['testing/contract/following.ts', 'resolves a promise of the test of a store'],
  ['testing/contract/harness.ts', 'resolves a promise of the test of a store'],
];

interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Functions that return no promise, so that `void` only drops a value. */
const notPromised = /^void (?:terminal\.stdout\.write|db\.prepare|reply\.send)\(/;

/** Calls of a raw timer, and promises whose rejection `void` drops. */
function looseEndsIn(file: string, text: string): readonly Found[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  function visit(node: ts.Node): void {
    if (isTimer(node) || isDropped(node))
      found.push({
        file,
        line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        text: node.getText().slice(0, 60),
      });
    ts.forEachChild(node, visit);
  }
  visit(source);
  return found;
}

const isTimer = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  ((ts.isIdentifier(node.expression) && timers.has(node.expression.text)) ||
    (ts.isPropertyAccessExpression(node.expression) &&
      ['globalThis', 'timers'].includes(node.expression.expression.getText()) &&
      timers.has(node.expression.name.text)));

/** `void promise`, unless its rejection is handled, or a function returns the expression. */
const isDropped = (node: ts.Node): boolean =>
  ts.isVoidExpression(node) &&
  !ts.isReturnStatement(node.parent) &&
  ts.isCallExpression(node.expression) &&
  !(
    ts.isPropertyAccessExpression(node.expression.expression) &&
    node.expression.expression.name.text === 'catch'
  );

// The page of the console runs in a browser, which reports errors itself; src/lib belongs to Node.
const outsideLib = sourceFiles('src')
  .filter((file) => !file.startsWith('lib/') && !file.startsWith('console/page/'))
  .flatMap((file) => looseEndsIn(file, readFileSync(`src/${file}`, 'utf8')));

describe('work that the library starts and does not wait for', () => {
  it('ends in src/lib, which reports its errors', () => {
    const loose = outsideLib.filter(
      (found) => !notPromised.test(found.text) && !exceptions.some(([file]) => file === found.file),
    );
    expect(loose.map(({ file, line, text }) => `src/${file}:${line}: ${text}`)).to.deep.equal([]);
  });

  it('has no superfluous exception', () => {
    expect(exceptions.filter(([file]) => !outsideLib.some((found) => found.file === file))).to.deep.equal([]);
  });

  for (const loose of [
    'setTimeout(flush, 5);',
    'const timer = setInterval(() => look(), 5).unref();',
    'setImmediate(flush);',
    'queueMicrotask(flush);',
    'globalThis.setTimeout(flush, 5);',
    'void recover(append);',
  ])
    it(`would not pass ${loose}`, () => {
      expect(looseEndsIn('new.ts', loose)).to.have.lengthOf(1);
    });
});
