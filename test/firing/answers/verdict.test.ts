import { expect } from 'chai';

import { judgeAnswer } from '../../../src/firing/answers/answer.js';
import { cleanMessage } from '../../../src/firing/answers/cleanMessage.js';

const judge = (type: 'webhook' | 'requestResponse', body: string) =>
  judgeAnswer(
    type,
    { status: 200, contentType: 'application/json', body: Buffer.from(body) },
    { kind: 'event', json: '{}' },
    { jsonDepth: 64, forwardedMessageBytes: 1_000 },
  );

/** Answers that are neither a verdict nor content. */
const broken = [
  '{"forwardedStatusCode":200}',
  '{"forwardedStatusCode":0,"content":"CANARY"}',
  '{"forwardedStatusCode":99}',
  '{"forwardedStatusCode":399}',
  '{"forwardedStatusCode":500,"forwardedErrorMessage":"CANARY"}',
  '{"forwardedStatusCode":-403}',
  '{"forwardedStatusCode":403.5}',
  '{"forwardedStatusCode":"403"}',
  '{"forwardedStatusCode":null}',
  '{"forwardedStatusCode":true}',
  '{"forwardedStatusCode":[403]}',
  '{"forwardedStatusCode":{"valueOf":403}}',
  '{"forwardedStatusCode":1e999}',
  '{"forwardedErrorMessage":"CANARY"}',
  '{"forwardedErrorMessage":""}',
  '{"forwardedErrorMessage":null}',
  '{"content":"x","forwardedErrorMessage":"CANARY"}',
  '{"forwardedStatusCode":403,"forwardedErrorMessage":null}',
  '{"forwardedStatusCode":403,"forwardedErrorMessage":5}',
  '{"forwardedStatusCode":403,"forwardedErrorMessage":["CANARY"]}',
  '{"forwardedStatusCode":403,"forwardedErrorMessage":{"a":"CANARY"}}',
];

describe('a verdict', () => {
  for (const body of broken) {
    it(`in a malformed form is an error of the target: ${body}`, () => {
      for (const type of ['webhook', 'requestResponse'] as const) {
        const judgement = judge(type, body);
        expect(judgement).to.include({ kind: 'failed', reason: 'answer-invalid' });
        expect(JSON.stringify(judgement)).not.to.contain('CANARY');
      }
    });
  }

  for (const status of [400, 401, 403, 404, 409, 418, 429, 451, 499]) {
    it(`refuses with ${status}`, () => {
      for (const type of ['webhook', 'requestResponse'] as const) {
        expect(judge(type, `{"forwardedStatusCode":${status}}`)).to.deep.equal({ kind: 'refused', status });
        expect(
          judge(type, `{"forwardedErrorMessage":"no","forwardedStatusCode":${status},"more":1}`),
        ).to.deep.equal({
          kind: 'refused',
          status,
          message: 'no',
        });
      }
    });
  }

  it('refuses also without a usable message', () => {
    for (const message of ['', ' ', '\\u0000', '\\u001b[2J', '\\ud800'])
      expect(
        judge('webhook', `{"forwardedStatusCode":403,"forwardedErrorMessage":"${message}"}`),
      ).to.deep.equal({
        kind: 'refused',
        status: 403,
      });
  });

  it('has its message cleaned and cut', () => {
    const judgement = judge(
      'webhook',
      JSON.stringify({
        forwardedStatusCode: 403,
        forwardedErrorMessage: `\u001b[31mno\r\nx-evil: 1${'é'.repeat(1_000)}`,
      }),
    );
    expect(judgement.kind).to.equal('refused');
    const message = (judgement as { message: string }).message;
    expect(message.startsWith('no x-evil: 1é')).to.equal(true);
    expect(Buffer.byteLength(message)).to.be.at.most(1_000).and.at.least(998);
    expect(message).not.to.contain('\ufffd');
  });
});

describe('a cleaned message', () => {
  const cases: readonly (readonly [text: string, cleaned: string])[] = [
    ['plain', 'plain'],
    ['<b>not yours</b>', '<b>not yours</b>'],
    ['a\r\nb\tc\vd\fe', 'a b c d e'],
    ['a\u2028b\u2029c', 'a b c'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b[2J\u001b[1;1Hgone', 'gone'],
    ['\u009b31mred', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b]0;never closed', ''],
    ['\u001bcreset', 'reset'],
    ['\u001b', ''],
    ['\u001b[', ''],
    ['a\u0000b\u0008c\u007fd\u0085e', 'abcde'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['a\u200bb\u2066c\ufeffd', 'abcd'],
    ['a\ud800b\udc00c', 'abc'],
    ['  a  ', 'a'],
    ['🚀', '🚀'],
  ];
  for (const [text, cleaned] of cases) {
    it(JSON.stringify(text), () => {
      expect(cleanMessage(text, 1_000)).to.equal(cleaned);
    });
  }

  it('is cut between characters', () => {
    for (const [text, bytes, expected] of [
      ['abc', 2, 'ab'],
      ['éé', 3, 'é'],
      ['€€', 5, '€'],
      ['🚀🚀', 7, '🚀'],
      ['🚀', 3, ''],
      ['a🚀', 4, 'a'],
    ] as const)
      expect(cleanMessage(text, bytes)).to.equal(expected);
  });

  it('takes a megabyte of escapes in its stride', () => {
    for (const part of ['\u001b[', '\u001b]', '\u001b[0;', '\u009b', ' \n'])
      expect(Buffer.byteLength(cleanMessage(part.repeat(500_000), 1_000))).to.be.at.most(1_000);
  });
});
