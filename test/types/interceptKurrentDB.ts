/** Compiled only: an intercepted client of KurrentDB has exactly the type of the given client, member by member. */
import type { EventStoreDBClient } from '@eventstore/db-client';
import {
  KurrentDBClient,
  jsonEvent,
  type AppendResult,
  type JSONEventType,
  type MultiAppendResult,
} from '@kurrent/kurrentdb-client';
import type { Actions, EventStore } from 'eventstore-actions';
import { fromEventStoreDB, interceptClient } from 'eventstore-actions/eventstoredb';
import { fromKurrentDB, interceptKurrentDB } from 'eventstore-actions/kurrentdb';

/** Types are compared exactly only where they are the condition of a conditional type. */
type Probed<Type> = <Probe>() => Probe extends Type ? 1 : 2;
type Same<One, Other> = Probed<One> extends Probed<Other> ? true : false;

/** Does not compile unless the types are the same. */
const same = <One, Other>(_isSame: Same<One, Other>): void => undefined;

declare const actions: Actions;
declare const client: KurrentDBClient;

const guarded = interceptKurrentDB(client, actions);
same<typeof guarded, KurrentDBClient>(true);
same<keyof typeof guarded, keyof KurrentDBClient>(true);
same<typeof guarded.appendToStream, KurrentDBClient['appendToStream']>(true);
same<typeof guarded.readStream, KurrentDBClient['readStream']>(true);
same<typeof guarded.subscribeToAll, KurrentDBClient['subscribeToAll']>(true);
// @ts-expect-error the check tells them apart
same<typeof guarded.appendToStream, KurrentDBClient['readStream']>(true);

/** A subclass of the client keeps its members. */
class OwnClient extends KurrentDBClient {
  readonly own = 'own';
}
declare const ownClient: OwnClient;
same<ReturnType<typeof interceptKurrentDB<OwnClient>>, OwnClient>(true);
interceptKurrentDB(ownClient, actions).own satisfies 'own';

/** A source of clients gives a client. */
same<ReturnType<typeof interceptKurrentDB<KurrentDBClient>>, KurrentDBClient>(true);
interceptKurrentDB(() => client, actions) satisfies KurrentDBClient;

/** A program that uses the client compiles with the intercepted one: single events, arrays, options and results. */
type OrderPlaced = JSONEventType<'order.placed', { readonly total: number }>;
const placed = jsonEvent<OrderPlaced>({ type: 'order.placed', data: { total: 1 } });
void (guarded.appendToStream<OrderPlaced>('order-1', placed) satisfies Promise<AppendResult>);
const options = { streamState: 0n, deadline: 1_000 };
void (guarded.appendToStream<OrderPlaced>('order-1', [placed], options) satisfies Promise<AppendResult>);
// @ts-expect-error arguments that the client refuses stay refused
void guarded.appendToStream('order-1', placed, { streamState: 'sometimes' });

// @ts-expect-error something else is no client
interceptKurrentDB({ appendToStream: () => Promise.resolve() }, actions);

/** Appends to several streams keep their types, and each client is refused where the other is meant. */
same<typeof guarded.multiStreamAppend, KurrentDBClient['multiStreamAppend']>(true);
same<typeof guarded.appendRecords, KurrentDBClient['appendRecords']>(true);
void (guarded.multiStreamAppend([
  { streamName: 'order-1', events: [placed], expectedState: 'no_stream' },
]) satisfies Promise<MultiAppendResult>);
void guarded.appendRecords([{ streamName: 'order-1', record: placed }]);
fromKurrentDB(client) satisfies EventStore;
fromKurrentDB(() => client) satisfies EventStore;
declare const other: EventStoreDBClient;
// @ts-expect-error a client of EventStoreDB
interceptKurrentDB(other, actions);
// @ts-expect-error a client of EventStoreDB
fromKurrentDB(other);
// @ts-expect-error a client of KurrentDB
interceptClient(client, actions);
// @ts-expect-error a client of KurrentDB
fromEventStoreDB(client);
