import { expect } from 'chai';
import { z } from 'zod';
import { defineFunction, isActionsError } from '../../src/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';

const discount = defineFunction({
  name: 'discount',
  payload: z.object({ order: z.string(), total: z.number().default(0) }),
  answer: z.strictObject({ percent: z.number().max(50).optional(), notes: z.array(z.string()).optional() }),
  apply: ({ total }, answer) => ({
    total: total * (1 - (answer?.percent ?? 0) / 100),
    notes: answer?.notes ?? [],
  }),
});
const condition = { function: { name: 'discount' } };
const asked = { type: 'requestResponse', interruptOnError: true } as const;

describe('a function', () => {
  it("returns the definition's result of no answers when no target is called", async () => {
    const { actions } = await openActions({ functions: [discount] });
    expect(await actions.function(discount, { order: 'a', total: 10 })).to.deep.equal({
      total: 10,
      notes: [],
    });
  });

  it('merges answers key by key and shows each later target the answers before', async () => {
    const { actions, call } = await openActions({ functions: [discount] });
    const [first, second, third] = await call(
      condition,
      { ...asked, script: json({ percent: 10, notes: ['one', 'two'] }) },
      { ...asked, script: json({ notes: ['three'] }) },
      { ...asked, type: 'webhook' },
    );
    const result = await actions.runAs({ orgID: 'org-1' }, () =>
      actions.function(discount, { order: 'a', total: 200 }),
    );
    expect(result).to.deep.equal({ total: 180, notes: ['three'] });
    const sent = {
      function: 'function/discount',
      instanceID: 'default',
      orgID: 'org-1',
      order: 'a',
      total: 200,
    };
    expect([first, second, third].map((each) => each && bodies(each.server)[0])).to.deep.equal([
      sent,
      { ...sent, response: { percent: 10, notes: ['one', 'two'] } },
      { ...sent, response: { percent: 10, notes: ['three'] } },
    ]);
  });

  it('sends the output of the payload schema, then the fields that the schema does not name', async () => {
    const { actions, call } = await openActions({ functions: [discount] });
    const [target] = await call(condition, {});
    await actions.function('discount', { actor: { user_id: 'u1' }, order: 'a' });
    expect(target && bodies(target.server)).to.deep.equal([
      {
        function: 'function/discount',
        instanceID: 'default',
        order: 'a',
        total: 0,
        actor: { user_id: 'u1' },
      },
    ]);
  });

  it('is called by the name of its definition', async () => {
    const { actions, call } = await openActions({ functions: [discount] });
    await call(condition, { ...asked, script: json({ percent: 50 }) });
    const result = await actions.function<{ total: number }>('discount', { order: 'a', total: 4 });
    expect(result.total).to.equal(2);
  });

  it('takes plain JSON without a definition, and returns the merged answers', async () => {
    const { actions, call } = await openActions();
    expect(await actions.function('anything', { a: 1 })).to.equal(null);
    await call(
      { function: { name: 'anything' } },
      { ...asked, script: json({ x: [1], y: 1 }) },
      { ...asked, script: json({ x: [2] }) },
    );
    expect(await actions.function('anything', { a: 1 })).to.deep.equal({ x: [2], y: 1 });
  });

  for (const [what, answer] of [
    ['an unknown key', { procent: 10 }],
    ['a value of the wrong type', { percent: '10' }],
    ['a value that is too large', { percent: 51 }],
  ] as const)
    it(`reports an answer with ${what} as an error of its target`, async () => {
      const { actions, call, reports } = await openActions({ functions: [discount] });
      await call(
        condition,
        { type: 'requestResponse', script: json(answer) },
        { ...asked, script: json({ percent: 20 }) },
      );
      expect((await actions.function(discount, { order: 'a', total: 10 })).total).to.equal(8);
      expect(reports.map(({ verdict, reason }) => [verdict, reason])).to.deep.equal([
        ['failed', 'schema'],
        ['amended', undefined],
      ]);
      await call(condition, { ...asked, script: json(answer) });
      const error = await rejection(actions.function(discount, { order: 'a' }));
      expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.reason).to.equal('schema');
    });

  it('reports an answer that is no object as an error of its target', async () => {
    const { actions, call } = await openActions();
    await call({ function: { name: 'anything' } }, { ...asked, script: json([1]) });
    const error = await rejection(actions.function('anything', {}));
    expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.reason).to.equal('answer-invalid');
  });

  it('passes on a refusal, and does not apply', async () => {
    let applied = 0;
    const counted = defineFunction({ ...discount, apply: () => (applied += 1) });
    const { actions, call } = await openActions({ functions: [counted] });
    await call(condition, { ...asked, script: refusal(403, 'no discount today') });
    const error = await rejection(actions.function(counted, { order: 'a' }));
    expect(isActionsError(error, 'TARGET_INTERRUPTED')).to.equal(true);
    expect(error).to.include({ status: 403, message: 'no discount today' });
    expect(applied).to.equal(0);
  });

  it('refuses a payload that does not fit before a target is called', async () => {
    const { actions, call } = await openActions({ functions: [discount] });
    const [target] = await call(condition, {});
    const error = await rejection(actions.function('discount', { order: 1 }));
    expect(isActionsError(error, 'INVALID_ARGUMENT')).to.equal(true);
    expect((error as Error).message).to.contain('order');
    expect(target?.server.received).to.deep.equal([]);
  });

  for (const name of ['function', 'instanceID', 'orgID', 'projectID', 'userID', 'response'])
    it(`refuses a payload with a field ${name}`, async () => {
      const { actions } = await openActions();
      const error = await rejection(actions.function('anything', { [name]: 1 }));
      expect(isActionsError(error, 'INVALID_ARGUMENT')).to.equal(true);
      expect(() =>
        defineFunction({ ...discount, payload: z.object({ [name]: z.string() }), apply: () => null }),
      ).to.throw(/may not have a field/);
    });

  it('refuses two definitions with the same name', async () => {
    const error = await rejection(openActions({ functions: [discount, discount] }));
    expect(isActionsError(error, 'ALREADY_EXISTS')).to.equal(true);
  });
});
