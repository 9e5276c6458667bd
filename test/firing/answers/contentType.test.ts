import { expect } from 'chai';
import { declaresJSON } from '../../../src/firing/answers/contentType.js';

describe('a content type', () => {
  for (const text of [
    'application/json',
    'application/ld+json; profile="http://a,b"',
    'application/json; a="x;charset=latin1"',
    'application/json; a="x\\", y"; charset=utf-8',
    'application/json; charset="utf-8"',
  ])
    it(`declares JSON: ${text}`, () => {
      expect(declaresJSON(text)).to.equal(true);
    });

  for (const text of [
    'application/json, application/json',
    'application/json; a="x", text/html',
    'application/json; a="x',
    'application/json; charset=latin1',
    'text/html; a="application/json"',
    `application/json; a="${'x'.repeat(2_000)}"`,
  ])
    it(`declares something else: ${text.slice(0, 60)}`, () => {
      expect(declaresJSON(text)).to.equal(false);
    });
});
