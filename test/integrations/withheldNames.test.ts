import { expect } from 'chai';
import type { Condition, TargetInterruptedError } from '../../src/index.js';
import { json, refusal } from '../support/answers.js';
import {
  openActions,
  rejection,
  type Endpoint,
  type OpenOptions,
  type TargetSettings,
} from '../support/openActions.js';
import { method } from './httpServer.js';
import { outsideCallers, type Told } from './outsideCallers.js';

const stopping = { type: 'webhook', interruptOnError: true, name: 'internal name', path: '/hidden' } as const;

const conditions: Readonly<Record<string, Condition>> = {
  request: { request: { method } },
  response: { response: { method } },
  append: { event: { event: 'order.placed' } },
};

interface Interruption {
  readonly what: string;
  readonly target: TargetSettings;
  readonly options?: OpenOptions;
  readonly http: number;
  readonly grpc: number;
  readonly sentence: string;
}

const interruptions: readonly Interruption[] = [
  {
    what: 'a refusal with a message',
    target: { script: refusal(403, 'not on a Sunday') },
    http: 403,
    grpc: 7,
    sentence: 'not on a Sunday',
  },
  {
    what: 'a refusal without a message',
    target: { script: refusal(409) },
    http: 409,
    grpc: 6,
    sentence: 'a policy of this service refused the call',
  },
  {
    what: 'a refusal whose message has nothing that can be shown',
    target: { script: refusal(422, '\u0007\u200b ') },
    http: 422,
    grpc: 9,
    sentence: 'a policy of this service refused the call',
  },
  {
    what: 'a target that fails with 500',
    target: { script: { status: 500, ...json({ forwardedErrorMessage: 'secret detail' }) } },
    http: 412,
    grpc: 9,
    sentence: 'a policy of this service failed',
  },
  {
    what: 'a verdict that is none',
    target: { script: json({ forwardedStatusCode: 200, forwardedErrorMessage: 'secret detail' }) },
    http: 412,
    grpc: 9,
    sentence: 'a policy of this service failed',
  },
  {
    what: 'a target that resets the connection',
    target: { script: 'reset' },
    http: 412,
    grpc: 9,
    sentence: 'a policy of this service failed',
  },
  {
    what: 'a time-out',
    target: { script: 'never', timeoutMs: 20 },
    http: 504,
    grpc: 4,
    sentence: 'a policy of this service did not answer in time',
  },
  {
    what: 'a spent budget',
    target: { script: 'never' },
    options: { limits: { budgetMs: 20 } },
    http: 504,
    grpc: 4,
    sentence: 'the time for the policies of this service is spent',
  },
];

function expectWithheld({ everything }: Told, { id, server }: Endpoint, key: string): void {
  for (const inner of [
    'internal name',
    id,
    server.origin,
    server.allow,
    '/hidden',
    'secret detail',
    key,
    'order-1',
  ])
    expect(everything).not.to.contain(inner);
}

for (const [framework, { kind, place }] of Object.entries(outsideCallers))
  describe(`the answer of ${framework} to a caller outside`, () => {
    for (const { what, target, options, sentence, ...statuses } of interruptions)
      it(`has neither name, id nor endpoint of a target, for ${what}`, async () => {
        for (const [where, condition] of Object.entries(conditions)) {
          const opened = await openActions(options);
          const [endpoint] = await opened.call(condition, { ...stopping, ...target });
          const told = await place(opened);
          expect(told, where).to.include({ status: statuses[kind], sentence });
          expectWithheld(told, endpoint as Endpoint, 'event/order.placed');
          expect(opened.reports.map(({ targetID }) => targetID)).to.deep.equal([endpoint?.id]);
        }
      });

    it('names no stream for a conflict, and no condition for a circle of endpoints', async () => {
      const opened = await openActions();
      const [endpoint] = await opened.call(conditions['append'] as Condition, stopping);
      const circle = await place(opened, { 'actions-depth': '3' });
      expect(circle).to.include({
        status: { http: 508, grpc: 9 }[kind],
        sentence: 'policies of this service call each other in a circle',
      });
      await opened.store.append('order-1', [{ type: 'order.placed', data: {} }]);
      const conflict = await place(opened);
      expect(conflict).to.include({
        status: { http: 409, grpc: 10 }[kind],
        sentence: 'it was changed meanwhile: read it again and decide again',
      });
      for (const told of [circle, conflict]) expectWithheld(told, endpoint as Endpoint, 'order.placed');
    });

    it("shows a caller's own mistake in the words of the check", async () => {
      const { sentence } = await place(await openActions(), { 'actions-depth': 'one' });
      expect(sentence).to.contain('the header actions-depth is not a whole number');
    });
  });

describe('the error inside the process', () => {
  for (const { what, target, options, sentence } of interruptions)
    it(`has the target's name for ${what}`, async () => {
      const { call, guarded, reports } = await openActions(options);
      const [endpoint] = await call({ event: { all: true } }, { ...stopping, ...target });
      const error = await rejection(guarded.append('order-1', [{ type: 'order.placed', data: {} }]));
      expect(reports.map(({ targetID }) => targetID)).to.deep.equal([endpoint?.id]);
      const { message, detail, forwardedMessage } = error as TargetInterruptedError;
      expect(message).to.equal(sentence);
      if (what === 'a refusal with a message') {
        expect(detail).to.equal(sentence);
        expect(forwardedMessage).to.equal(sentence);
      } else {
        expect(detail).to.contain(`target "internal name" (${endpoint?.id ?? ''})`);
        expect(forwardedMessage).to.equal(undefined);
      }
    });
});
