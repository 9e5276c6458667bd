import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { mutants } from './table.js';

describe('the mutants of durable delivery', () => {
  for (const { what, edits, test } of mutants)
    it(`each change code that exists, and name a test that exists: ${what}`, () => {
      for (const { file, from } of edits)
        expect(readFileSync(file, 'utf8').split(from), `${file}: ${from}`).to.have.lengthOf(2);
      // The title may begin with that of a suite that a function defines.
      const words = test.title.split(' as a delivery store ').at(-1) ?? '';
      const files = [test.file, 'src/testing/deliveryStoreContract.ts'];
      expect(
        files.some((file) => readFileSync(file, 'utf8').includes(words)),
        test.title,
      ).to.equal(true);
    });
});
