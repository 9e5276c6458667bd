import { expect } from 'chai';
import { assert, json, property } from 'fast-check';
import { exactJSON, JSONText } from '../../../src/lib/json/json.js';

describe('the value of a JSON text', () => {
  it('is parsed where writing the value gives the same text, however the text is spaced', () => {
    assert(
      property(json(), (text) => {
        const value: unknown = JSON.parse(text);
        for (const spaces of [0, 2, '\t'] as const) {
          const read = exactJSON(JSON.stringify(value, null, spaces));
          expect(read).not.to.be.instanceOf(JSONText);
          expect(JSON.stringify(read)).to.equal(JSON.stringify(value));
        }
      }),
    );
  });

  for (const [text, compact] of [
    ['{ "n" : 12345678901234567890 }', '{"n":12345678901234567890}'],
    ['[9007199254740993, " \\" , "]', '[9007199254740993," \\" , "]'],
    ['1e400', '1e400'],
  ] as const)
    it(`is the text itself where a number would change: ${text}`, () => {
      expect(exactJSON(text)).to.deep.equal(new JSONText(compact));
    });
});
