import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { allow, amend, refuse } from '../../src/receiver/reply.js';

const json = { 'content-type': 'application/json' };

describe('replies', () => {
  it('allow with an empty body, which changes nothing', () => {
    expect(allow()).to.deep.equal({ status: 204, headers: {}, body: '' });
  });

  for (const content of [{ a: 1 }, [1], null, 'text', 0, false])
    it(`amend with ${JSON.stringify(content)}`, () => {
      expect(amend(content)).to.deep.equal({ status: 200, headers: json, body: JSON.stringify(content) });
    });

  it('amend with a field of a verdict deeper inside', () => {
    expect(amend({ inner: { forwardedStatusCode: 403 } })).to.have.property('status', 200);
  });

  const circle: Record<string, unknown> = {};
  circle['itself'] = circle;
  const notContent: readonly [string, unknown][] = [
    ['nothing', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a BigInt', { a: 1n }],
    ['a circle', circle],
    ['a verdict', { forwardedStatusCode: 403 }],
    ['half a verdict', { forwardedErrorMessage: 'no' }],
  ];
  for (const [name, content] of notContent)
    it(`never amend with ${name}`, () => expect(() => amend(content)).to.throw(InvalidArgumentError));

  it('refuse by a verdict: an answer of 200 with the status and the message', () => {
    expect(refuse(403, 'not yours')).to.deep.equal({
      status: 200,
      headers: json,
      body: '{"forwardedStatusCode":403,"forwardedErrorMessage":"not yours"}',
    });
    expect(refuse(400).body).to.equal('{"forwardedStatusCode":400}');
    expect(refuse(499, '').body).to.equal('{"forwardedStatusCode":499,"forwardedErrorMessage":""}');
  });

  for (const status of [0, 200, 399, 500, 403.5, NaN, '403' as unknown as number])
    it(`never refuse with ${JSON.stringify(status)}`, () =>
      expect(() => refuse(status, 'no')).to.throw(InvalidArgumentError));

  it('never refuse with a message that is not text', () => {
    expect(() => refuse(403, {} as string)).to.throw(InvalidArgumentError);
  });
});
