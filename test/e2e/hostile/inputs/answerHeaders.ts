import { declaresJSON } from '../../../../src/firing/answers/contentType.js';
import { retryAfterMs } from '../../../../src/deliveries/policy/retry.js';
import { cleanMessage } from '../../../../src/firing/answers/cleanMessage.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const header = (textOf: (n: number) => string, take: (text: string) => unknown): GrowingInput => ({
  n: 200_000,
  prepare(n) {
    const text = textOf(n);
    return () => take(text);
  },
});

export const inputs: GrowingInputs = {
  'a content type of many parameters': header((n) => `application/json${';a=b'.repeat(n)}`, declaresJSON),
  'a content type of quotes': header((n) => `application/json;a=${'"\\'.repeat(n)}`, declaresJSON),
  'a content type of one long token': header((n) => `a/${'b+'.repeat(n)}+json`, declaresJSON),
  'a retry-after of digits': header(
    (n) => '1'.repeat(n),
    (text) => retryAfterMs(text, 0),
  ),
  'a retry-after of blanks': header(
    (n) => `${' '.repeat(n)}x${' '.repeat(n)}`,
    (text) => retryAfterMs(text, 0),
  ),
  'a message of terminal sequences': header(
    (n) => '\u001b[0'.repeat(n),
    (text) => cleanMessage(text, 1_048_576),
  ),
  'a message of commands without an end': header(
    (n) => '\u001b]'.repeat(n),
    (text) => cleanMessage(text, 1_048_576),
  ),
  'a message of blanks': header(
    (n) => `a${'\t'.repeat(n)}b`.repeat(2),
    (text) => cleanMessage(text, 1_048_576),
  ),
};
