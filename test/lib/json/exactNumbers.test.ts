import { expect } from 'chai';
import { isExactNumber } from '../../../src/lib/json/jsonScan.js';

/** Counts the characters that the scan reads, by the members that read them. */
function looksAt(literal: string): number {
  const { charCodeAt } = String.prototype;
  let looks = 0;
  String.prototype.charCodeAt = function (this: string, at: number) {
    looks += 1;
    return charCodeAt.call(this, at);
  };
  try {
    isExactNumber(literal);
  } finally {
    String.prototype.charCodeAt = charCodeAt;
  }
  return looks;
}

describe('a number in an answer', () => {
  for (const literal of [
    '1.73e18',
    '1e18',
    '6.02e23',
    '9007199254740992',
    '-0',
    '0.10',
    '1e3',
    '5e-324',
    '12.50E+2',
  ])
    it(`is kept where it does not change: ${literal}`, () => {
      expect(isExactNumber(literal)).to.equal(true);
    });

  for (const literal of [
    '9007199254740993',
    '1e400',
    '1e-400',
    '0.12345678901234567890',
    '1730000000000000001',
  ])
    it(`is refused where it would change: ${literal}`, () => {
      expect(isExactNumber(literal)).to.equal(false);
    });

  for (const [name, literal] of Object.entries({
    'zeros inside a fraction': (n: number) => `1.${'0'.repeat(n)}1`,
    'zeros at the end': (n: number) => `1.5${'0'.repeat(n)}`,
    'zeros in front': (n: number) => `0.${'0'.repeat(n)}1`,
    'zeros of an integer': (n: number) => `1${'0'.repeat(n)}1`,
  }))
    it(`is judged in time linear in its length: ${name}`, () => {
      const [once, fourTimes] = [looksAt(literal(60_000)), looksAt(literal(240_000))];
      expect(fourTimes).to.be.at.most(once * 4 + 100);
      expect(fourTimes).to.be.at.most(2 * 240_100);
    });
});
