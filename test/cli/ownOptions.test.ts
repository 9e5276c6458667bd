import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { judgementMessage, ownOptions } from '../../src/cli/shell/ownOptions.js';
import { sourceFiles } from '../package/importGraph.js';

/** The texts of a file of src: its literals, and the parts of its templates. */
function textsOf(file: string): readonly string[] {
  const texts: string[] = [];
  const source = ts.createSourceFile(file, readFileSync(join('src', file), 'utf8'), ts.ScriptTarget.Latest);
  source.forEachChild(function visit(node): void {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    node.forEachChild(visit);
  });
  return texts;
}

/** The options of `createActions` that the command line has by another name. */
const named =
  /\b(?:network\.allow|instanceID cannot|keyring: |jwtKeys\b.* createActions|createActions .*\bjwtKeys\b)/;

describe('a message of the library on the command line', () => {
  const messages = sourceFiles('src')
    .filter((file) => !/^(?:cli|console|testing)\//.test(file))
    .flatMap(textsOf)
    .filter((text) => named.test(text));

  it('names every option as a flag', () => {
    expect(messages).to.have.length.above(4);
    expect(messages.filter((text) => named.test(ownOptions(text)))).to.deep.equal([]);
  });

  it('stays as it is where a target refused in words of its own', () => {
    const words = 'the instanceID is unknown: ask for network.allow';
    expect(judgementMessage('refused', words)).to.equal(words);
    expect(judgementMessage('address-refused', words)).to.equal('the --instance is unknown: ask for --allow');
  });

  it('stays as it is where it names no option', () => {
    const text = 'the queue of async calls is full: raise limits.asyncQueue, or make it answer faster';
    expect(ownOptions(text)).to.equal(text);
  });
});
