import { parseDeclaration } from '../../../../src/cli/declaration/declaration.js';
import { parseJSON } from '../../../../src/cli/shell/inputFile.js';
import { storeWithoutSecrets } from '../../../../src/cli/session/withoutSecrets.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const file = (n: number, textOf: (n: number) => string, take: (text: string) => unknown): GrowingInput => ({
  n,
  prepare(size) {
    const text = textOf(size);
    return () => take(text);
  },
});
const yaml = (n: number, textOf: (n: number) => string) =>
  file(n, textOf, (text) => parseDeclaration(text, 'a.yaml'));
const json = (n: number, textOf: (n: number) => string) =>
  file(n, textOf, (text) => parseJSON(text, 'a.json'));
const lines = (n: number, line: (at: number) => string) =>
  Array.from({ length: n }, (_, at) => line(at)).join('\n');

export const inputs: GrowingInputs = {
  'many targets': yaml(
    3_000,
    (n) => `targets:\n${lines(n, (at) => `  t${at}: { type: async, endpoint: "https://a.example/" }`)}`,
  ),
  'many targets that are wrong': yaml(3_000, (n) => `targets:\n${lines(n, (at) => `  t${at}: { type: x }`)}`),
  'many lists': yaml(3_000, (n) => `executions:\n${lines(n, (at) => `  event/a${at}: [t]`)}`),
  'one long list': yaml(10_000, (n) => `executions:\n  event:\n${lines(n, () => '    - t')}`),
  'many unknown names': yaml(3_000, (n) => lines(n, (at) => `k${at}: 1`)),
  'one name many times': yaml(3_000, (n) => lines(n, () => 'targets: {}')),
  'lines of comments': yaml(20_000, (n) => lines(n, () => '# x')),
  'a long text': yaml(200_000, (n) => `targets: "${'a '.repeat(n)}"`),
  'many tabs': yaml(20_000, (n) => '\t'.repeat(n)),
  'many errors': yaml(3_000, (n) => lines(n, () => 'a: b: c')),
  'JSON without an end': json(200_000, (n) => '['.repeat(n)),
  'JSON of many members': json(20_000, (n) => `{${lines(n, (at) => `"k${at}":1,`)}"a":1}`),
  'a place of at signs': file(200_000, (n) => `esdb://${'@'.repeat(n)}`, storeWithoutSecrets),
};
