import { parseJSON } from '../../../../src/firing/answers/jsonContent.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const answer = (n: number, textOf: (n: number) => string): GrowingInput => ({
  n,
  prepare(size) {
    const bytes = Buffer.from(textOf(size));
    return () => parseJSON(bytes, 64, '{}');
  },
});

export const inputs: GrowingInputs = {
  'zeros within a number': answer(300_000, (n) => `{"a":1.${'0'.repeat(n)}1}`),
  'zeros at the end of a number': answer(300_000, (n) => `{"a":1.1${'0'.repeat(n)}}`),
  'a long exponent': answer(300_000, (n) => `{"a":1e-${'1'.repeat(n)}}`),
  'many numbers': answer(100_000, (n) => `[${'1.10000000000000001,'.repeat(n)}1]`),
  'many members': answer(50_000, (n) => `{${Array.from({ length: n }, (_, at) => `"k${at}":1`).join()}}`),
  'one name many times': answer(100_000, (n) => `{${'"k":1,'.repeat(n)}"k":1}`),
  'many empty lists': answer(300_000, (n) => `[${'[],'.repeat(n)}[]]`),
  'open brackets': answer(300_000, (n) => '['.repeat(n)),
  'many escapes': answer(300_000, (n) => `"${'\\u0041'.repeat(n)}"`),
  'halves of characters': answer(100_000, (n) => `["${'\\ud800'.repeat(n)}"]`),
  backslashes: answer(300_000, (n) => `"${'\\\\'.repeat(n)}`),
  'white space': answer(1_000_000, (n) => `${' '.repeat(n)}x`),
};
