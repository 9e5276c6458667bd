import { expect } from 'chai';
import { readFileSync } from 'node:fs';

import { judgeAnswer } from '../../../src/firing/answers/answer.js';
import type { JSONValue } from '../../../src/ports.js';

const limits = { jsonDepth: 64, forwardedMessageBytes: 1_000 };

interface VectorTarget {
  readonly t: 'w' | 'r' | 'a';
  readonly i?: boolean;
  readonly status: number;
  readonly body?: string;
  readonly delayMs?: number;
}
interface VectorCase {
  readonly start: JSONValue;
  readonly targets: readonly VectorTarget[];
  readonly result?: JSONValue;
  readonly interruptedBy?: number;
  readonly status?: number;
  readonly message?: string;
}

describe('the recorded cases of a single answer', () => {
  const types = { w: 'webhook', r: 'requestResponse', a: 'async' } as const;
  const { cases } = JSON.parse(readFileSync('test/vectors/answers.json', 'utf8')) as {
    cases: readonly VectorCase[];
  };
  const single = cases.filter(({ targets }) => targets.length === 1 && targets[0]?.delayMs === undefined);

  it('are eighteen', () => {
    expect(single).to.have.length(18);
  });

  for (const { start, targets, result, status, message } of single) {
    const [target] = targets;
    if (target === undefined) continue;
    it(`${JSON.stringify(start)} and ${JSON.stringify(target).slice(0, 90)}`, () => {
      const body = Buffer.from(target.body ?? '');
      const answer = { status: target.status, contentType: 'application/json', body };
      const judgement = judgeAnswer(
        types[target.t],
        answer,
        { kind: 'event', json: JSON.stringify(start) },
        limits,
      );
      if (result === undefined) {
        expect(target.i).to.equal(true);
        if (judgement.kind === 'refused') expect(judgement).to.deep.include({ status, message });
        else expect([judgement.kind, status]).to.deep.equal(['failed', 412]);
      } else {
        expect(judgement.kind === 'amended' ? judgement.content : start).to.deep.equal(result);
        if (judgement.kind === 'refused' || judgement.kind === 'failed')
          expect(target.i ?? false).to.equal(false);
      }
    });
  }
});
