import { expect } from 'chai';

import type { InterruptReason } from '../../../src/errors.js';
import { judgeAnswer, maxWebhookAnswerBytes } from '../../../src/firing/answers/answer.js';
import type { Outcome } from '../../../src/firing/answers/outcome.js';
import type { HttpAnswer, JSONValue } from '../../../src/ports.js';
import { hex, invalidBodies, nested, validBodies } from './answerBodies.js';

const limits = { jsonDepth: 64, forwardedMessageBytes: 1_000 };
const json = 'application/json';

const answerOf = (body: string | Uint8Array, contentType = json, status = 200): HttpAnswer => ({
  status,
  contentType,
  body: typeof body === 'string' ? Buffer.from(body) : body,
});
interface Circumstances {
  readonly type?: 'webhook' | 'requestResponse' | 'async';
  readonly replaces?: JSONValue;
  readonly contentType?: string;
  readonly status?: number;
}
const judge = (body: string | Uint8Array, circumstances: Circumstances = {}): Outcome => {
  const { type = 'requestResponse', replaces = {}, contentType = json, status = 200 } = circumstances;
  return judgeAnswer(
    type,
    answerOf(body, contentType, status),
    { kind: 'event', json: JSON.stringify(replaces) },
    limits,
  );
};

function expectFailed(judgement: Outcome, reason: InterruptReason = 'answer-invalid'): void {
  expect(judgement).to.include({ kind: 'failed', reason });
  expect(JSON.stringify(judgement)).not.to.contain('CANARY');
}

describe('the answer of a requestResponse target', () => {
  for (const [title, body] of Object.entries(invalidBodies)) {
    it(`is an error of the target: ${title}`, () => {
      expectFailed(judge(body));
    });
  }

  for (const [title, [body, content, replaces = {}]] of Object.entries(validBodies)) {
    it(`becomes the content: ${title}`, () => {
      const judgement = judge(body, { replaces: title.endsWith('for null') ? null : replaces });
      expect(judgement).to.deep.equal({ kind: 'amended', content });
    });
  }

  const kinds: readonly JSONValue[] = [{}, [], 'x', 5, true, null];
  for (const [index, replaces] of kinds.entries()) {
    it(`must have the JSON type of the value that it replaces: ${JSON.stringify(replaces)}`, () => {
      for (const [other, value] of kinds.entries()) {
        const isFine = replaces === null ? typeof value === 'object' && value !== null : index === other;
        expect(judge(JSON.stringify(value), { replaces }).kind, JSON.stringify(value)).to.equal(
          isFine ? 'amended' : 'failed',
        );
      }
    });
  }

  for (const contentType of [
    'text/html',
    'text/plain; charset=latin1',
    'text/plain, text/plain',
    ';',
    '; charset=utf-8',
    'application/json; a="b',
    'text/plainer',
    'text/json',
    'application/octet-stream',
    'application/jsonp',
    'application/json-seq',
    'application/x-json',
    'application/javascript',
    'json',
    'application/json, text/html',
    'application/json; v=1, text/html',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json;charset="iso-8859-1"',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset',
    'application/+json/x',
    '+json',
  ]) {
    it(`is an error of the target when it is declared as ${JSON.stringify(contentType)}`, () => {
      expectFailed(judge('{"a":1}', { contentType }));
    });
  }

  for (const contentType of [
    json,
    'application/json; charset=utf-8',
    'application/json;charset="utf-8"',
    'application/json; charset=utf8',
    'application/json; odata.metadata=minimal',
    'application/problem+json',
    'application/vnd.github.v3+json; charset=utf-8',
    'application/json;',
    '',
    'text/plain',
    'text/plain; charset=utf-8',
    'text/plain;charset="utf-8"; format=flowed',
    'application/ld+json; profile="http://a,b"',
    'application/json; a="b; charset=latin1"; charset=utf-8',
    'application/json; a="\\",\\\\"',
  ]) {
    it(`is content when it is declared as ${contentType}`, () => {
      expect(judge('{"a":1}', { contentType }).kind).to.equal('amended');
    });
  }

  it('does not have to be declared where the answer is empty', () => {
    expect(judge('', { contentType: 'text/html' })).to.deep.equal({ kind: 'unchanged' });
  });
});

describe('the status of an answer', () => {
  for (const status of [
    300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504, 599,
  ]) {
    it(`${status} is an error of the target, with any body`, () => {
      for (const type of ['webhook', 'requestResponse'] as const) {
        for (const body of [
          '',
          '{"a":1}',
          '{"forwardedStatusCode":403,"forwardedErrorMessage":"CANARY"}',
          'CANARY',
        ])
          expectFailed(judge(body, { type, status }), 'status');
      }
    });
  }

  for (const status of [200, 201, 202, 204, 206, 299]) {
    it(`${status} is a success`, () => {
      expect(judge('', { status })).to.deep.equal({ kind: 'unchanged' });
      expect(judge('{"a":1}', { status }).kind).to.equal('amended');
    });
  }

  it('alone decides the outcome of an async target', () => {
    expect(judge('{"forwardedStatusCode":403}', { type: 'async' })).to.deep.equal({ kind: 'unchanged' });
    expectFailed(judge('', { type: 'async', status: 500 }), 'status');
  });
});

describe('the body of a webhook', () => {
  for (const body of [
    '<p>fine</p>',
    '{"a":1}',
    '[]',
    'null',
    '{',
    '{"a":',
    nested(10_000),
    '"forwardedStatusCode"',
    '[{"forwardedStatusCode":403}]',
    '{"a":{"forwardedStatusCode":403}}',
    '{"__proto__":{"forwardedStatusCode":403}}',
    '{"a":1,"a":2}',
    '\0',
    '9007199254740993',
  ]) {
    it(`is ignored: ${body.slice(0, 40)}`, () => {
      for (const contentType of ['', 'text/html', json])
        expect(judge(body, { type: 'webhook', contentType })).to.deep.equal({ kind: 'unchanged' });
    });
  }

  it('is an error of the target above 64 kB', () => {
    expect(judge('x'.repeat(maxWebhookAnswerBytes), { type: 'webhook' })).to.deep.equal({
      kind: 'unchanged',
    });
    expectFailed(judge('x'.repeat(maxWebhookAnswerBytes + 1), { type: 'webhook' }), 'answer-too-large');
  });

  const verdict = '{"forwardedStatusCode":403,"forwardedErrorMessage":"not yours"}';
  const spellings: Readonly<Record<string, string | Uint8Array>> = {
    plain: verdict,
    'white space before it': `\n ${verdict}`,
    'a byte order mark': Buffer.concat([hex('efbbbf'), Buffer.from(verdict)]),
    'escaped names': verdict.replace('forwardedStatusCode', 'forwarded\\u0053tatusCode'),
    'other members': verdict.replace('{', '{"a":9007199254740993,"a":"\\ud800",'),
    'great depth beside it': verdict.replace('{', `{"a":${nested(5_000)},`),
  };
  for (const [title, body] of Object.entries(spellings)) {
    it(`is read for a verdict: ${title}`, () => {
      for (const contentType of ['', 'text/plain', json])
        expect(judge(body, { type: 'webhook', contentType })).to.deep.equal({
          kind: 'refused',
          status: 403,
          message: 'not yours',
        });
    });
  }
});
