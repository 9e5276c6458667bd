import { candidates, conditionOf, occurrenceName } from '../../../../src/execution/condition.js';
import { inspectPublicKey } from '../../../../src/signing/publicKey.js';
import { parseEndpoint } from '../../../../src/network/endpoint.js';
import { parsePolicyEntry } from '../../../../src/network/policyEntry.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const text = (n: number, textOf: (n: number) => string, take: (text: string) => unknown): GrowingInput => ({
  n,
  prepare(size) {
    const given = textOf(size);
    return () => take(given);
  },
});

export const inputs: GrowingInputs = {
  'a type of many segments': text(
    100_000,
    (n) => 'a.'.repeat(n),
    (name) => new Set(candidates('event', name)),
  ),
  'a method of slashes': text(
    100_000,
    (n) => '/'.repeat(n),
    (name) => occurrenceName({ request: name }),
  ),
  'a long id of an execution': text(100_000, (n) => `event/${'a.'.repeat(n)}*`, conditionOf),
  'an id of slashes': text(100_000, (n) => `request${'/'.repeat(n)}`, conditionOf),
  'a key of white space': text(500_000, (n) => ' '.repeat(n), inspectPublicKey),
  'a long endpoint': text(500_000, (n) => `https://${'a'.repeat(n)}#`, parseEndpoint),
  'an endpoint of percent signs': text(500_000, (n) => `https://a/${'%41'.repeat(n)}%`, parseEndpoint),
  'a long entry of a policy': text(
    500_000,
    (n) => `${'*.'.repeat(n)}:1`,
    (entry) => parsePolicyEntry('allow', entry),
  ),
};
