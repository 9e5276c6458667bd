import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { optionsPage } from './optionsPage.js';

describe('the page of options', () => {
  it('is what the docstrings say (npm run docs:write)', async () => {
    expect(readFileSync('docs/reference/options.md', 'utf8')).to.equal(await optionsPage());
  }).timeout(60_000);
});
