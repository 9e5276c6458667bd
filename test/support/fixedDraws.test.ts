import { expect } from 'chai';
import fc from 'fast-check';

describe('a property test', () => {
  it('draws the same values in every run', () => {
    const draws = () => {
      const drawn: number[] = [];
      fc.assert(
        fc.property(fc.integer(), (value) => {
          drawn.push(value);
        }),
      );
      return drawn;
    };
    expect(draws()).to.deep.equal(draws());
  });
});
