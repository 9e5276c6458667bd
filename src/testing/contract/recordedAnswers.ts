/**
 * Answers of a real EventStoreDB 24.2, as far as the port can ask for them. Streams and ids are labels that are made
 * unique in every run; an event's type is its label. A conflict gives the actual version of the stream instead.
 */
export type RecordedStep =
  | readonly [
      call: 'append',
      stream: string,
      ids: readonly string[],
      expected: RecordedExpectation,
      answer: RecordedAppendAnswer,
    ]
  | readonly [
      call: 'race',
      stream: string,
      writers: number,
      expected: RecordedExpectation,
      answer: readonly [won: number, refused: number],
    ]
  | readonly [call: 'read', stream: string, options: RecordedRead, answer: readonly string[]]
  | readonly [
      call: 'subscribe',
      name: string,
      prefix: string,
      after: 'start' | 'end' | { readonly event: string },
      answer: readonly string[],
    ]
  | readonly [call: 'heard', name: string, answer: readonly string[]];

export type RecordedExpectation = number | 'no-stream' | 'stream-exists' | 'any';
type RecordedAppendAnswer = number | `conflict: ${number | 'no-stream'}`;

interface RecordedRead {
  readonly direction?: 'backwards';
  readonly from?: number;
  readonly limit?: number;
}

interface RecordedScenario {
  readonly name: string;
  readonly steps: readonly RecordedStep[];
}

export const recordedScenarios: readonly RecordedScenario[] = [
  {
    name: 'expected-revision',
    steps: [
      ['append', 's', ['A', 'B'], 'no-stream', 1],
      ['append', 's', ['C'], 0, 'conflict: 1'],
      ['append', 's', ['C'], 7, 'conflict: 1'],
      ['append', 's', ['C'], 'no-stream', 'conflict: 1'],
      ['append', 'm', ['D'], 'stream-exists', 'conflict: no-stream'],
      ['append', 'm', ['D'], 4, 'conflict: no-stream'],
      ['read', 'm', {}, []],
      ['append', 's', ['C'], 1, 2],
      ['append', 's', ['F'], 'any', 3],
      ['append', 's', ['G'], 'stream-exists', 4],
      ['read', 's', {}, ['s@0 A', 's@1 B', 's@2 C', 's@3 F', 's@4 G']],
    ],
  },
  {
    name: 'idempotence',
    steps: [
      ['append', 's', ['A', 'B'], 'no-stream', 1],
      ['append', 's', ['A', 'B'], 'no-stream', 1],
      ['append', 's', ['A', 'B'], 'any', 1],
      ['append', 's', ['A'], 'no-stream', 0],
      ['append', 's', ['A', 'B', 'C'], 'no-stream', 'conflict: 1'],
      ['append', 's', ['A', 'B', 'C'], 'any', 'conflict: 1'],
      ['append', 's', ['B'], 0, 1],
      ['append', 's', ['B'], 'stream-exists', 1],
      ['append', 's', ['B'], 'any', 1],
      ['append', 's', ['B'], 1, 2],
      ['append', 'o', ['A'], 'no-stream', 0],
      ['read', 's', {}, ['s@0 A', 's@1 B', 's@2 B']],
      ['read', 'o', {}, ['o@0 A']],
      ['append', 'd', ['X', 'X'], 'no-stream', 1],
      ['read', 'd', {}, ['d@0 X', 'd@1 X']],
    ],
  },
  {
    name: 'empty-append',
    steps: [
      ['append', 's', ['A'], 'no-stream', 0],
      ['append', 's', [], 'no-stream', 'conflict: 0'],
      ['append', 's', [], 0, 0],
      ['append', 's', [], 5, 'conflict: 0'],
      ['append', 'm', [], 'any', 0],
      ['read', 'm', {}, []],
    ],
  },
  {
    name: 'race',
    steps: [
      ['race', 's', 50, 'no-stream', [1, 49]],
      ['race', 's', 20, 0, [1, 19]],
    ],
  },
  {
    name: 'reading',
    steps: [
      ['append', 's', ['A', 'B', 'C'], 'no-stream', 2],
      ['append', 't', ['X', 'Y'], 'no-stream', 1],
      ['read', 's', {}, ['s@0 A', 's@1 B', 's@2 C']],
      ['read', 't', {}, ['t@0 X', 't@1 Y']],
      ['read', 's', { from: 1 }, ['s@1 B', 's@2 C']],
      ['read', 's', { from: 9 }, []],
      ['read', 's', { limit: 2 }, ['s@0 A', 's@1 B']],
      ['read', 's', { direction: 'backwards' }, ['s@2 C', 's@1 B', 's@0 A']],
      ['read', 's', { direction: 'backwards', from: 1 }, ['s@1 B', 's@0 A']],
      ['read', 's', { direction: 'backwards', from: 9 }, ['s@2 C', 's@1 B', 's@0 A']],
      ['read', 'none', {}, []],
    ],
  },
  {
    name: 'all-subscription',
    steps: [
      ['append', 's1', ['A', 'B'], 'no-stream', 1],
      ['append', 's2', ['C'], 'no-stream', 0],
      ['read', 's1', {}, ['s1@0 A', 's1@1 B']],
      ['read', 's2', {}, ['s2@0 C']],
      ['subscribe', 'start', 's', 'start', ['s1@0 A', 's1@1 B', 's2@0 C', 'caughtUp']],
      ['subscribe', 'b', 's', { event: 'B' }, ['s2@0 C', 'caughtUp']],
      ['subscribe', 'head', 's', { event: 'C' }, ['caughtUp']],
      ['subscribe', 'end', 's', 'end', ['caughtUp']],
      ['append', 's1', ['D'], 1, 2],
      ['append', 'other', Array.from({ length: 20 }, (_, index) => `E${index}`), 'any', 19],
      ['append', 's2', ['F'], 0, 1],
      ['heard', 'start', ['s1@2 D', 's2@1 F']],
      ['heard', 'b', ['s1@2 D', 's2@1 F']],
      ['heard', 'head', ['s1@2 D', 's2@1 F']],
      ['heard', 'end', ['s1@2 D', 's2@1 F']],
    ],
  },
];
