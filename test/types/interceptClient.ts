/** Compiled only: an intercepted client of EventStoreDB has exactly the type of the given client, member by member. */
import { EventStoreDBClient, jsonEvent, type AppendResult, type JSONEventType } from '@eventstore/db-client';
import type { Actions } from 'eventstore-actions';
import { interceptClient } from 'eventstore-actions/eventstoredb';

/** Types are compared exactly only where they are the condition of a conditional type. */
type Probed<Type> = <Probe>() => Probe extends Type ? 1 : 2;
type Same<One, Other> = Probed<One> extends Probed<Other> ? true : false;

/** Does not compile unless the types are the same. */
const same = <One, Other>(_isSame: Same<One, Other>): void => undefined;

declare const actions: Actions;
declare const client: EventStoreDBClient;

const guarded = interceptClient(client, actions);
same<typeof guarded, EventStoreDBClient>(true);
same<keyof typeof guarded, keyof EventStoreDBClient>(true);
same<typeof guarded.appendToStream, EventStoreDBClient['appendToStream']>(true);
same<typeof guarded.readStream, EventStoreDBClient['readStream']>(true);
same<typeof guarded.subscribeToAll, EventStoreDBClient['subscribeToAll']>(true);
// @ts-expect-error the check tells them apart
same<typeof guarded.appendToStream, EventStoreDBClient['readStream']>(true);

/** A client of a subclass keeps its own members. */
class OwnClient extends EventStoreDBClient {
  readonly own = 'own';
}
declare const ownClient: OwnClient;
same<ReturnType<typeof interceptClient<OwnClient>>, OwnClient>(true);
interceptClient(ownClient, actions).own satisfies 'own';

/** A source of clients gives a client. */
same<ReturnType<typeof interceptClient<EventStoreDBClient>>, EventStoreDBClient>(true);
interceptClient(() => client, actions) satisfies EventStoreDBClient;

/** A program that uses the client compiles with the intercepted one: single events, arrays, options and results. */
type OrderPlaced = JSONEventType<'order.placed', { readonly total: number }>;
const placed = jsonEvent<OrderPlaced>({ type: 'order.placed', data: { total: 1 } });
void (guarded.appendToStream<OrderPlaced>('order-1', placed) satisfies Promise<AppendResult>);
const options = { expectedRevision: 0n, deadline: 1_000 };
void (guarded.appendToStream<OrderPlaced>('order-1', [placed], options) satisfies Promise<AppendResult>);
// @ts-expect-error arguments that the client refuses stay refused
void guarded.appendToStream('order-1', placed, { expectedRevision: 'sometimes' });

// @ts-expect-error something else is no client
interceptClient({ appendToStream: () => Promise.resolve() }, actions);
