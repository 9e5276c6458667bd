import { EventStoreContractError } from '../../errors.js';
import { reading } from '../../lib/reading/reading.js';
import { shownType } from '../../lib/reading/shownValue.js';
import type { EventStore } from '../../ports.js';
import { checkRead, requireAppendResult, requireHead, requireMessage } from './answers.js';
import { checkedIterable, thrownBy } from './checkedIterable.js';

/** The members that every reader of a store has. */
type Source = Pick<EventStore, 'readStream' | 'subscribe'>;

const known = new WeakMap<Source, Source>();

const readStream =
  (source: Source): Source['readStream'] =>
  (stream, options) =>
    checkedIterable({
      member: 'readStream',
      signal: options?.signal,
      open: () => source.readStream(stream, options),
      check: checkRead(options),
    });

const subscribe =
  (source: Source): Source['subscribe'] =>
  (options) =>
    checkedIterable({
      member: 'subscribe',
      signal: options.signal,
      open: () => source.subscribe(options),
      check: requireMessage,
    });

const append =
  (store: EventStore): EventStore['append'] =>
  async (stream, events, options) => {
    let result: unknown;
    try {
      result = await store.append(stream, events, options);
    } catch (thrown) {
      throw thrownBy('append', thrown, options?.signal);
    }
    requireAppendResult(result, events.length === 0, options);
    return result as Awaited<ReturnType<EventStore['append']>>;
  };

const head = (store: Required<Pick<EventStore, 'head'>>) => async (): Promise<bigint> => {
  let position: unknown;
  try {
    position = await store.head();
  } catch (thrown) {
    throw thrownBy('head', thrown, undefined);
  }
  return requireHead(position);
};

function checked(given: Source & Partial<EventStore>): Source & Partial<EventStore> {
  const { firstVersion, local } = given;
  if (firstVersion !== undefined && typeof firstVersion !== 'bigint')
    throw new EventStoreContractError('firstVersion', `it is ${shownType(firstVersion)} and not a bigint`);
  return {
    readStream: readStream(given),
    subscribe: subscribe(given),
    ...(typeof given.append === 'function' && { append: append(given as EventStore) }),
    ...(typeof given.head === 'function' && { head: head(given as Required<EventStore>) }),
    ...(firstVersion !== undefined && { firstVersion }),
    ...(local && { local }),
    ...(typeof given.close === 'function' && { close: given.close.bind(given) }),
  };
}

/**
 * The same store, whose answers are checked before the library uses them: what a store of a user returns or throws against
 * the contract of the port becomes an {@link EventStoreContractError} that names the member. The library reads every store
 * and source that it is given through this, which has the members of the port; the same store gives the same object.
 *
 * @throws {@link EventStoreContractError} for a `firstVersion` that is no bigint
 */
export function checkedStore<Store extends Source>(store: Store): Store {
  let made = known.get(store);
  if (!made) {
    made = reading('the event store', () => checked(store));
    known.set(store, made);
    known.set(made, made);
  }
  return made as Store;
}
