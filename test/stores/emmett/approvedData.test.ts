import { expect } from 'chai';
import fc from 'fast-check';
import type { JSONValue } from '../../../src/index.js';
import { approvedData } from '../../../src/stores/emmett/approvedData.js';

/** Values in events that are no JSON, all of which JSON writes in another form. */
const given = fc.object({
  maxDepth: 3,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  values: [fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined), fc.date()],
});
const json = fc.object({
  maxDepth: 3,
  values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
}) as fc.Arbitrary<JSONValue>;

const asJSON = (value: unknown): JSONValue => JSON.parse(JSON.stringify(value)) as JSONValue;

describe('data that targets approved', () => {
  it('have the JSON that was approved, for any input', () => {
    fc.assert(
      fc.property(given, json, (data, approved) => {
        expect(asJSON(approvedData(data, approved))).to.deep.equal(asJSON(approved));
      }),
    );
  });

  it('have their JSON also when some of the given values were amended', () => {
    fc.assert(
      fc.property(given, given, (one, other) => {
        const approved = asJSON({ one, list: [other, one], same: one });
        const result = approvedData({ one, list: [one, other], same: one }, approved);
        expect(asJSON(result)).to.deep.equal(approved);
        expect(result).to.have.deep.property('same', one);
      }),
    );
  });

  it('are the given values in new objects when nothing was amended', () => {
    fc.assert(
      fc.property(given, (data) => {
        const result = approvedData(data, asJSON(data));
        expect(result).to.deep.equal(data);
        expect(result).not.to.equal(data);
      }),
    );
  });

  it('treat a value with toJSON as one value, which stays or is replaced whole', () => {
    const price = { cents: 1_250, toJSON: () => ({ amount: '12.50' }) };
    const result = approvedData({ price, total: 1 }, { price: { amount: '12.50' }, total: 2 });
    expect(result).to.have.property('price', price);
    const amended = approvedData({ price }, { price: { amount: '13.00' } });
    expect(amended).to.deep.equal({ price: { amount: '13.00' } });
  });
});
