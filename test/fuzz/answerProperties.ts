import { expect } from 'chai';
import fc from 'fast-check';

import { judgeAnswer } from '../../src/firing/answers/answer.js';
import { cleanMessage } from '../../src/firing/answers/cleanMessage.js';
import { isKeptByJSON, naiveDepth } from './naiveJSON.js';
import type { Property } from './property.js';
import { anyCharacter } from './anyCharacter.js';

const limits = { jsonDepth: 8, forwardedMessageBytes: 100 };
const json = fc.jsonValue({ maxDepth: 10, stringUnit: 'binary' });
const jsonText = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  fc.tuple(json, fc.nat(), fc.string({ unit: anyCharacter, maxLength: 2 })).map(([value, at, text]) => {
    const source = JSON.stringify(value);
    const index = at % (source.length + 1);
    return source.slice(0, index) + text + source.slice(index + 1);
  }),
  fc.constantFrom(
    '{"__proto__":1}',
    '{"a":1,"a":1}',
    '[9007199254740993]',
    '["\\ud800"]',
    '["\\u0000"]',
    '{"forwardedStatusCode":403}',
    '[1e400]',
    '[1.0]',
    '[-0]',
  ),
  fc
    .tuple(
      fc.constantFrom('-', ''),
      fc.integer({ min: 0, max: 99 }),
      fc.stringMatching(/^(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?$/),
    )
    .map((parts) => `[${parts.join('')}]`),
);

const answers: Property = {
  name: 'answers become content only when JSON keeps them whole',
  runs: 40_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(
        jsonText,
        fc.constantFrom('webhook' as const, 'requestResponse' as const),
        (source, type) => {
          const body = Buffer.from(source);
          // The received text: half a character does not survive UTF-8.
          const text = body.toString();
          const replaces = text.trimStart().startsWith('[') ? '[]' : '{}';
          const judgement = judgeAnswer(
            type,
            { status: 200, contentType: 'application/json', body },
            { kind: 'event', json: replaces },
            limits,
          );
          if (type === 'webhook') expect(judgement.kind).not.to.equal('amended');
          else if (judgement.kind === 'amended') {
            expect(judgement.content).to.deep.equal(JSON.parse(text));
            expect(naiveDepth(judgement.content)).to.be.at.most(limits.jsonDepth);
            expect(isKeptByJSON(text), text).to.equal(true);
          } else if (judgement.kind === 'failed') {
            const isFine =
              isKeptByJSON(text) &&
              !text.includes('forwarded') &&
              /^\s*[[{]/.test(text) &&
              naiveDepth(JSON.parse(text)) <= limits.jsonDepth;
            expect(isFine, `${text}: ${judgement.message}`).to.equal(false);
          }
        },
      ),
      parameters as never,
    ),
};

const bytes: Property = {
  name: 'no bytes, status or content type make the judgement of an answer throw',
  runs: 20_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: -1, max: 1_000 }),
        fc.string({ maxLength: 30 }),
        (body, status, type) => {
          for (const kind of ['webhook', 'requestResponse', 'async'] as const) {
            const contentType = type.length % 2 === 0 ? 'application/json' : type.toLowerCase();
            const judgement = judgeAnswer(
              kind,
              { status, contentType, body },
              { kind: 'event', json: 'null' },
              limits,
            );
            if (status < 200 || status > 299)
              expect(judgement).to.include({ kind: 'failed', reason: 'status' });
          }
        },
      ),
      parameters as never,
    ),
};

const messages: Property = {
  name: 'forwarded messages are one clean line within their bytes',
  runs: 20_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: anyCharacter, maxLength: 8 }),
            fc.constantFrom('\u001b[', '\u001b]', '\u009b', '\r\n', '\u202e', '\ud800', '🚀', '31m'),
          ),
          { maxLength: 12 },
        ),
        fc.integer({ min: 1, max: 60 }),
        (parts, maxBytes) => {
          const cleaned = cleanMessage(parts.join(''), maxBytes);
          expect(Buffer.byteLength(cleaned)).to.be.at.most(maxBytes);
          expect(cleaned).not.to.match(/[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e]/u);
          expect(cleaned).not.to.match(/\p{Default_Ignorable_Code_Point}{3}/u);
          expect(Buffer.from(cleaned).toString()).to.equal(cleaned);
        },
      ),
      parameters as never,
    ),
};

export const answerProperties: readonly Property[] = [answers, bytes, messages];
