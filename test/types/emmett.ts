/** Compiled only: an intercepted store of Emmett has exactly the type of the given store. */
import {
  CommandHandler,
  DeciderCommandHandler,
  getInMemoryEventStore,
  type Command,
  type Decider,
  type Event,
  type EventStore,
  type EventStoreSessionFactory,
  type InMemoryEventStore,
} from '@event-driven-io/emmett';
import { interceptEmmett } from 'eventstore-actions/emmett';
import type { Actions } from 'eventstore-actions';

/** Types are compared exactly only where they are the condition of a conditional type. */
type Probed<Type> = <Probe>() => Probe extends Type ? 1 : 2;
type Same<One, Other> = Probed<One> extends Probed<Other> ? true : false;

/** Does not compile unless the types are the same. */
const same = <One, Other>(_isSame: Same<One, Other>): void => undefined;

declare const actions: Actions;

const inMemory = interceptEmmett(getInMemoryEventStore(), actions);
same<typeof inMemory, InMemoryEventStore>(true);
// @ts-expect-error the check tells them apart
same<typeof inMemory, EventStore>(true);

declare const anyStore: EventStore;
const general = interceptEmmett(anyStore, actions);
same<typeof general, EventStore>(true);

/** As the stores for PostgreSQL are declared. */
interface SessionStore extends EventStore, EventStoreSessionFactory<SessionStore> {
  close(): Promise<void>;
}
declare const sessionStore: SessionStore;
const sessions = interceptEmmett(sessionStore, actions);
same<typeof sessions, SessionStore>(true);
same<Parameters<Parameters<typeof sessions.withSession>[0]>[0]['eventStore'], SessionStore>(true);

class OwnStore {
  readonly #streams = new Map<string, readonly Event[]>();
  async appendToStream(streamName: string, events: Event[]): Promise<number> {
    this.#streams.set(streamName, events);
    return events.length;
  }
}
same<ReturnType<typeof interceptEmmett<OwnStore>>, OwnStore>(true);
interceptEmmett(new OwnStore(), actions) satisfies OwnStore;

type OrderPlaced = Event<'order.placed', { total: number }, { userID: string }>;
type PlaceOrder = Command<'place order', { total: number }>;
declare const decider: Decider<number, PlaceOrder, OrderPlaced>;
declare const placed: OrderPlaced;

export async function compiles(): Promise<void> {
  // The options and the result of the store's own append.
  const { nextExpectedStreamVersion } = await inMemory.appendToStream<OrderPlaced>('order-1', [placed], {
    expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
  });
  nextExpectedStreamVersion satisfies bigint;
  // @ts-expect-error an expectation that Emmett does not know
  await inMemory.appendToStream<OrderPlaced>('order-1', [placed], { expectedStreamVersion: 'no-stream' });
  // @ts-expect-error an event without a type
  await inMemory.appendToStream('order-1', [{ data: { total: 1 } }]);

  const handle = CommandHandler<number, OrderPlaced>({ evolve: decider.evolve, initialState: () => 0 });
  await handle(inMemory, 'order-1', () => placed, { expectedStreamVersion: 1n });
  await handle(sessions, 'order-1', () => [placed]);
  await DeciderCommandHandler(decider)(general, 'order-1', { type: 'place order', data: { total: 1 } });

  // @ts-expect-error an object without append is no store
  interceptEmmett({ readStream: () => undefined }, actions);
  // @ts-expect-error neither are actions that createActions did not make
  interceptEmmett(anyStore, {});
}
