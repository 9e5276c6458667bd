import { expect } from 'chai';
import fc from 'fast-check';
import { isActionsError } from '../../src/errors.js';
import {
  candidates,
  conditionOf,
  executionID,
  occurrenceName,
  type Condition,
  type Occurrence,
} from '../../src/execution/condition.js';
import matching from '../vectors/matching.json' with { type: 'json' };

const invalid = (action: () => unknown) => {
  let error: unknown;
  try {
    action();
  } catch (thrown) {
    error = thrown;
  }
  expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
};

const candidatesOf = (occurrence: Occurrence) => {
  const { kind, name } = occurrenceName(occurrence);
  return candidates(kind, name);
};

describe('condition', () => {
  for (const { condition, id } of matching.normalise)
    it(`${JSON.stringify(condition)} is ${id}`, () => {
      expect(executionID(condition as Condition)).to.equal(id);
    });

  for (const { ids, ...occurrence } of matching.candidates)
    it(`${JSON.stringify(occurrence)} looks for ${ids.join(', ')}`, () => {
      expect(candidatesOf(occurrence)).to.deep.equal(ids);
    });

  it('an occurrence that ends in .* has no exact candidate', () => {
    expect(candidatesOf({ event: 'order.*' })).to.deep.equal(['event/order.*', 'event']);
  });

  const malformed: readonly unknown[] = [
    null,
    'event',
    [],
    {},
    { request: {} },
    { request: { all: false } },
    { request: { all: 1 } },
    { request: { method: 'a.S/M', service: 'a.S' } },
    { request: { all: true }, event: { all: true } },
    { request: { method: '' } },
    { request: { method: '/' } },
    { request: { method: 'a.S' } },
    { request: { method: '//a.S/M' } },
    { request: { method: '/a.S/' } },
    { request: { method: '/a.S/M/x' } },
    { request: { method: 5 } },
    { request: { service: '' } },
    { request: { service: 'a/S' } },
    { request: { service: '/a.S' } },
    { function: {} },
    { function: { name: '' } },
    { function: { all: true } },
    { event: { event: '' } },
    { event: { event: 'order.*' } },
    { event: { event: 'order..placed' } },
    { event: { event: '.order' } },
    { event: { event: 'order.' } },
    { event: { group: '' } },
    { event: { group: '.*' } },
    { event: { group: 'order.*.*' } },
    { event: { group: 'order..*' } },
    { event: { all: 'yes' } },
    { event: { all: true, group: 'order' } },
    { event: { event: 'x'.repeat(1_001) } },
    { events: { all: true } },
  ];
  for (const condition of malformed)
    it(`refuses ${JSON.stringify(condition).slice(0, 60)}`, () => {
      invalid(() => executionID(condition as Condition));
    });

  for (const [id, form] of [
    ['event/*', '(event) for all'],
    ['event/order*', '(event/order.*)'],
    ['event/*.placed', '(event/order.*)'],
    ['event/*.*', '(event) for all'],
    ['event/a.*.b', '(event/order.*)'],
    ['request/*', '(request) for all'],
    ['response/pkg.Service/*', '(response/<service>)'],
    ['request/pkg.*/Method', '(request/<service>)'],
    ['event/ order.placed', 'write "order.placed"'],
    ['event/order.placed\n', 'write "order.placed"'],
    ['event/ order.*', 'write "order"'],
    ['request/pkg.Service/ Method', 'a method is written /<service>/<method>'],
    ['function/ preaccesstoken', 'write "preaccesstoken"'],
    ['event/\ud800pay', 'half a surrogate pair'],
  ] as const)
    it(`refuses ${JSON.stringify(id)}, which would never match, with the form to use`, () => {
      invalid(() => conditionOf(id));
      expect(() => conditionOf(id)).to.throw(form);
    });

  for (const id of [
    '',
    'events',
    'event/',
    'event/a..b',
    'request/',
    'request//',
    'request/a/b/c',
    'function',
    'function/',
    'event/.*',
    'constructor',
  ])
    it(`refuses the id ${JSON.stringify(id)}`, () => {
      invalid(() => conditionOf(id));
    });

  const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
  const dotted = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
  const eventNames = dotted.filter((name) => !name.endsWith('.*'));
  const conditions = fc.oneof(
    fc.constantFrom<Condition>(
      { request: { all: true } },
      { response: { all: true } },
      { event: { all: true } },
    ),
    dotted.map((service): Condition => ({ request: { service } })),
    fc
      .tuple(dotted, segment)
      .map(([service, method]): Condition => ({ response: { method: `${service}/${method}` } })),
    dotted.map((name): Condition => ({ function: { name } })),
    eventNames.map((event): Condition => ({ event: { event } })),
    eventNames.map((group): Condition => ({ event: { group: `${group}.*` } })),
  );

  it('maps conditions and ids one to one', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const id = executionID(condition);
        expect(conditionOf(id)).to.deep.equal(condition);
        expect(executionID(conditionOf(id))).to.equal(id);
      }),
    );
  });

  it('gives different conditions different ids', () => {
    fc.assert(
      fc.property(conditions, conditions, (left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right));
        expect(executionID(left)).not.to.equal(executionID(right));
      }),
    );
  });
});
