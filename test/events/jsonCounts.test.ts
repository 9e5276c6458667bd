import { expect } from 'chai';
import { json } from '../support/answers.js';
import { openActions, type TargetSettings } from '../support/openActions.js';

/** Marks the data of the event, so that only its JSON is counted. */
const mark = 'counted-data';

/** How often the data of the event are written and parsed while `action` runs. */
async function count(action: () => Promise<unknown>): Promise<{ written: number; parsed: number }> {
  const { stringify, parse } = JSON;
  const counts = { written: 0, parsed: 0 };
  JSON.stringify = ((...parameters: Parameters<typeof stringify>) => {
    const text = stringify(...parameters) as string | undefined;
    if (text?.includes(mark)) counts.written += 1;
    return text;
  }) as typeof stringify;
  JSON.parse = (text, ...more) => {
    if (text.includes(mark)) counts.parsed += 1;
    return parse(text, ...more) as unknown;
  };
  try {
    await action();
  } finally {
    Object.assign(JSON, { stringify, parse });
  }
  return counts;
}

const cases: Readonly<
  Record<string, readonly [targets: readonly TargetSettings[], written: number, parsed: number]>
> = {
  'no target': [[], 1, 0],
  'an allowing target': [[{}], 1, 0],
  'three allowing targets': [[{}, {}, {}], 1, 0],
  'an amending target': [[{ type: 'requestResponse', script: json({ note: mark, checked: true }) }], 2, 1],
};

for (const storeKind of ['memory', 'sqlite'] as const)
  describe(`the JSON of an event (${storeKind})`, () => {
    for (const [name, [targets, written, parsed]] of Object.entries(cases))
      it(`is written ${written} and parsed ${parsed} times with ${name}`, async () => {
        const { call, guarded } = await openActions({ storeKind });
        if (targets.length > 0) await call({ event: { all: true } }, ...targets);
        const append = () => guarded.append('order-1', [{ type: 'order.placed', data: { note: mark } }]);
        expect(await count(append)).to.deep.equal({ written, parsed });
      });

    it('is written once and not parsed behind a wrapper of the store', async () => {
      const { actions, call, store } = await openActions({ storeKind });
      await call({ event: { all: true } }, {});
      const wrapped = {
        ...store,
        append: (...given: Parameters<typeof store.append>) => store.append(...given),
      };
      const guarded = actions.intercept(wrapped);
      const append = () => guarded.append('order-1', [{ type: 'order.placed', data: { note: mark } }]);
      expect(await count(append)).to.deep.equal({ written: 1, parsed: 0 });
    });
  });
