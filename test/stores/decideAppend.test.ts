import { expect } from 'chai';
import fc from 'fast-check';
import { isActionsError } from '../../src/errors.js';
import type { AppendResult, EventStore, ExpectedVersion } from '../../src/ports.js';
import { openKind, storeKinds } from '../support/openActions.js';

interface Append {
  readonly stream: 's' | 't';
  readonly ids: readonly number[];
  readonly expectedVersion: ExpectedVersion;
}

const uuidOf = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;

/** The rules of versions and ids as the reference states them: slow, and without code of the stores. */
class Oracle {
  readonly #log: { stream: string; id: number }[] = [];

  append({ stream, ids, expectedVersion }: Append): string {
    const places = this.#log.flatMap((event, index) =>
      event.stream === stream ? [{ ...event, index }] : [],
    );
    const known = places.map(({ id }) => id);
    const last = known.length - 1;
    const conflict = `conflict at ${last === -1 ? 'no-stream' : last}`;
    const found = (version: number) => `version ${version} position ${(places[version]?.index ?? 0) + 1}`;
    const write = () => {
      if (ids.length === 0) return `version ${Math.max(last, 0)} position none`;
      for (const id of ids) this.#log.push({ stream, id });
      return `version ${last + ids.length} position ${this.#log.length}`;
    };

    if (expectedVersion === 'stream-exists' && last === -1) return conflict;
    if (expectedVersion === 'any' || expectedVersion === 'stream-exists') {
      const [first] = ids;
      if (first === undefined || !known.includes(first)) return write();
      return ids.every((id) => known.includes(id)) ? found(known.lastIndexOf(ids.at(-1) ?? 0)) : conflict;
    }
    const expected = expectedVersion === 'no-stream' ? -1 : Number(expectedVersion);
    if (expected === last) return write();
    const there = known.slice(expected + 1, expected + 1 + ids.length);
    const same =
      ids.length > 0 && there.length === ids.length && ids.every((id, index) => id === there[index]);
    return same ? found(expected + ids.length) : conflict;
  }

  ids(stream: string): string[] {
    return this.#log.filter((event) => event.stream === stream).map(({ id }) => uuidOf(id));
  }
}

const appends = fc.array(
  fc.record<Append>({
    stream: fc.constantFrom('s', 't'),
    ids: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
    expectedVersion: fc.oneof(
      fc.constantFrom<ExpectedVersion>('any', 'no-stream', 'stream-exists'),
      fc.bigInt({ min: 0n, max: 8n }),
    ),
  }),
  { minLength: 1, maxLength: 25 },
);

const shown = ({ version, position }: AppendResult, base: bigint) =>
  `version ${version} position ${position === undefined ? 'none' : position - base}`;

/** Runs all appends, at once or one after another, and compares every answer and both streams. */
async function compare(
  store: EventStore,
  run: string,
  plan: readonly Append[],
  atOnce: boolean,
): Promise<void> {
  const oracle = new Oracle();
  const base = (await store.head?.()) ?? 0n;
  const play = async ({ stream, ids, expectedVersion }: Append) => {
    try {
      const events = ids.map((id) => ({ id: uuidOf(id), type: 'e', data: id }));
      return shown(await store.append(`${run}${stream}`, events, { expectedVersion }), base);
    } catch (error) {
      if (isActionsError(error, 'CONCURRENCY_CONFLICT')) return `conflict at ${error.actualVersion ?? '?'}`;
      throw error;
    }
  };
  const expected = plan.map((append) => oracle.append(append));
  const answers: string[] = [];
  if (atOnce) answers.push(...(await Promise.all(plan.map(play))));
  else for (const append of plan) answers.push(await play(append));
  expect(answers).to.deep.equal(expected);
  for (const stream of ['s', 't']) {
    const ids: string[] = [];
    for await (const event of store.readStream(`${run}${stream}`)) ids.push(event.id);
    expect(ids).to.deep.equal(oracle.ids(stream));
  }
}

describe('decisions on appends against a naive oracle', () => {
  for (const storeKind of storeKinds)
    for (const atOnce of [false, true])
      it(`${storeKind}, ${atOnce ? 'all at once' : 'one after the other'}`, async () => {
        const { store, close } = await openKind(storeKind);
        let run = 0;
        try {
          await fc.assert(
            fc.asyncProperty(appends, async (plan) => {
              run += 1;
              await compare(store, `run${run}-`, plan, atOnce);
            }),
            { numRuns: 150 },
          );
        } finally {
          await close();
        }
      });
});
