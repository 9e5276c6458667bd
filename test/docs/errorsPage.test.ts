import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { errorsPage, publicErrors } from './errorsPage.js';

describe('the page of errors', () => {
  it('is what the docstrings say (npm run docs:write)', async () => {
    expect(readFileSync('docs/reference/errors.md', 'utf8')).to.equal(await errorsPage());
  });

  it('says of every error what happened, what was written and what to do', () => {
    const named = publicErrors();
    expect(named).to.have.length.above(20);
    const silent = named.filter(
      ({ text, tags }) =>
        text === '' ||
        ['written', 'remedy'].some((name) => !tags.some((tag) => tag.name === name && tag.text !== '')),
    );
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });
});
