import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { recordedScenarios } from '../../src/testing/contract/recordedAnswers.js';

interface RecordedCall {
  readonly call: string;
  readonly [field: string]: unknown;
}

interface RecordedEvents {
  readonly id?: string;
  readonly times?: number;
}

interface Book {
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly RecordedCall[] }[];
}

const book = JSON.parse(
  readFileSync(new URL('../vectors/eventstoredb/scenarios.json', import.meta.url), 'utf8'),
) as Book;

/** Calls that the port does not have. */
const beyondThePort = new Set(['event', 'readAll']);

const word = (text: unknown) => (typeof text === 'string' ? text.replace('_', '-') : text);
const expected = (text: unknown) => (/^\d+$/.test(String(text)) ? Number(text) : word(text));
const ids = (events: unknown) =>
  (events as RecordedEvents[]).flatMap(({ id, times }) =>
    id === undefined ? Array.from({ length: times ?? 1 }, (_, index) => `E${index}`) : [id],
  );

/** An answer of the file in the form of the suite; `undefined` for calls that the port does not have. */
function inTheSuite(step: RecordedCall): unknown {
  const answer = step['answer'] as Record<string, unknown>;
  const log = Array.isArray(answer) ? (answer as string[]) : (answer['log'] as string[] | undefined);
  switch (step.call) {
    case 'append':
      return [
        'append',
        step['stream'],
        ids(step['events']),
        expected(step['expect']),
        answer['error'] === 'wrong-expected-version'
          ? `conflict: ${String(word(answer['actualVersion']))}`
          : Number(answer['nextExpectedRevision']),
      ];
    case 'race':
      return [
        'race',
        step['stream'],
        step['writers'],
        expected(step['expect']),
        [answer['won'], answer['refused']],
      ];
    case 'read': {
      if (step['max'] === 0) return undefined;
      const options = {
        ...(step['direction'] === 'backwards' && { direction: 'backwards' }),
        ...(step['from'] !== undefined && step['from'] !== 'end' && { from: Number(step['from']) }),
        ...(step['max'] !== undefined && { limit: step['max'] }),
      };
      return ['read', step['stream'], options, answer['error'] === 'stream-not-found' ? [] : log];
    }
    case 'subscribe': {
      if (step['types'] !== undefined) return undefined;
      const from = step['from'] as string;
      const after = from === 'start' || from === 'end' ? from : { event: from };
      return ['subscribe', step['as'], step['prefix'], after, log?.filter((line) => line !== 'confirmation')];
    }
    case 'heard':
      return step['as'] === 'type' ? undefined : ['heard', step['as'], log];
    default:
      expect(beyondThePort.has(step.call), step.call).to.equal(true);
      return undefined;
  }
}

describe('recorded answers of the contract suite', () => {
  for (const scenario of recordedScenarios) {
    const recorded = book.scenarios.filter(({ name }) =>
      [scenario.name, `${scenario.name}-batch`, `${scenario.name}-classic`].includes(name),
    );
    for (const { name, steps } of recorded)
      it(`equal the answers in the recorded file: ${name}`, () => {
        expect(steps.map(inTheSuite).filter((step) => step !== undefined)).to.deep.equal(scenario.steps);
      });
    it(`has a recording of ${scenario.name}`, () => {
      expect(recorded).to.not.have.lengthOf(0);
    });
  }
});
