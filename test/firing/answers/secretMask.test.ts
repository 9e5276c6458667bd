import { expect } from 'chai';
import { createSecretMask } from '../../../src/firing/answers/secretMask.js';
import { isDeeperThan } from '../../../src/lib/json/json.js';
import type { JSONValue } from '../../../src/ports.js';

const secret = 'a secret of the target';

const nested = (levels: number, inner: JSONValue): JSONValue => {
  let value = inner;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { inner: value };
  return value;
};

describe('the mask of secrets', () => {
  it('masks a value to 500 levels, and a deeper part as a whole, at any depth', () => {
    const mask = createSecretMask();
    mask.hide([secret]);
    for (const levels of [0, 1, 499, 500, 501, 5_000, 100_000]) {
      const masked = JSON.stringify(mask.value(nested(levels, secret)));
      expect(masked, String(levels)).to.include('***').and.not.include(secret);
      expect(isDeeperThan(masked, 500), String(levels)).to.equal(false);
    }
    expect(mask.value(nested(500, 'harmless'))).to.deep.equal(nested(500, 'harmless'));
  });
});
