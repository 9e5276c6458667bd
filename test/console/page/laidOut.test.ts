import { expect } from 'chai';
import { laidOut } from '../../../src/console/page/parts/laidOut.js';

describe('the layout of bodies in the console', () => {
  it('puts one member of JSON on a line', () => {
    const value = {
      order: 'order-1',
      'a "name", with: {signs}': ['\\', '"', '[x]', 1, -2.5, true, null],
      lines: [{ count: 2 }, {}, [], [[]]],
    };
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 1), '"text"', '7', '{}', '[]'])
      expect(laidOut(text)).to.equal(JSON.stringify(JSON.parse(text), null, 2));
  });

  it('keeps numbers, escapes and repeated names as they are written', () => {
    expect(laidOut('{"id":9007199254740993,"price":1.50,"id":1e400,"name":"\\u0041"}')).to.equal(
      '{\n  "id": 9007199254740993,\n  "price": 1.50,\n  "id": 1e400,\n  "name": "\\u0041"\n}',
    );
  });

  it('leaves text alone that is not JSON', () => {
    for (const text of ['', 'payment required', '{"order":', '{"order":"1"} ,'])
      expect(laidOut(text)).to.equal(text);
  });

  it('takes little room for JSON of nothing but brackets', () => {
    const depth = 4_000;
    expect(laidOut('['.repeat(depth) + ']'.repeat(depth)).length).to.be.below(150 * 2 * depth);
  });
});
