import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { isActionsError } from '../../src/index.js';
import type { JSONValue, TargetType } from '../../src/index.js';
import { openActions, rejection, allStoreKinds, type TargetSettings } from '../support/openActions.js';

interface VectorTarget {
  readonly t: 'w' | 'r' | 'a';
  readonly i?: boolean;
  readonly status: number;
  readonly body?: string;
  readonly location?: string;
  readonly delayMs?: number;
  readonly timeoutMs?: number;
}

interface AnswerCase {
  readonly start: JSONValue;
  readonly targets: readonly VectorTarget[];
  readonly result?: JSONValue;
  readonly interruptedBy?: number;
  readonly status?: number;
  readonly message?: string;
  readonly why?: string;
}

const { cases } = JSON.parse(readFileSync('test/vectors/answers.json', 'utf8')) as {
  readonly cases: readonly AnswerCase[];
};

const types: Readonly<Record<VectorTarget['t'], TargetType>> = {
  w: 'webhook',
  r: 'requestResponse',
  a: 'async',
};

const settingsOf = ({ t, i, status, body, location, delayMs, timeoutMs }: VectorTarget): TargetSettings => ({
  type: types[t],
  interruptOnError: i ?? false,
  ...(timeoutMs !== undefined && { timeoutMs }),
  script: {
    status,
    ...(body !== undefined && { body }),
    ...(delayMs !== undefined && { delayMs }),
    ...(location !== undefined && { headers: { location } }),
  },
});

for (const storeKind of allStoreKinds)
  describe(`the effect of answers on an append (${storeKind})`, () => {
    for (const [index, { start, targets, result, interruptedBy, status, message, why }] of cases.entries())
      it(`case ${index}${why === undefined ? '' : `: ${why}`}`, async () => {
        const { call, guarded, read, actions } = await openActions({ storeKind });
        const endpoints = await call({ event: { event: 'thing.done' } }, ...targets.map(settingsOf));
        const appending = guarded.append('thing-1', [{ type: 'thing.done', data: start }]);

        if (interruptedBy === undefined) {
          await appending;
          expect((await read('thing-1')).map(({ data }) => data)).to.deep.equal([result]);
        } else {
          const error = await rejection(appending);
          if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
          expect(error).to.include({ status, targetID: endpoints[interruptedBy]?.id });
          expect(error.executionID).to.equal('event/thing.done');
          if (message === undefined) expect(error.detail).to.contain('this attempt wrote nothing');
          else expect(error.message).to.equal(message);
          expect(error.message).not.to.contain('secret detail');
          expect(await read('thing-1')).to.deep.equal([]);
        }
        await actions.close();
        const called = interruptedBy === undefined ? targets.length : interruptedBy + 1;
        expect(endpoints.map(({ server }) => server.received.length)).to.deep.equal(
          targets.map((_, place) => (place < called ? 1 : 0)),
        );
      });
  });
