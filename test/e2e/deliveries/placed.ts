import { createActions, createDeliveries, type Deliveries, type EventStore } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';
import {
  targetServer,
  type ReceivedCall,
  type Script,
  type TargetServer,
} from '../../support/targetServer.js';
import { openDouble } from './torture/openDouble.js';
import { openPlaces } from './torture/places.js';

/** The part of a call's body that tests read. */
interface Placed {
  readonly stream: string;
  readonly version: number;
  readonly total: number;
  readonly isReplay: boolean;
}

export function placedOf({ body, headers }: ReceivedCall): Placed {
  const { stream, sequence, event_payload } = JSON.parse(body) as {
    readonly stream: string;
    readonly sequence: number;
    readonly event_payload: { readonly total: number };
  };
  const isReplay = headers['actions-replay'] === 'true';
  return { stream, version: sequence, total: event_payload.total, isReplay };
}

export interface PlacedOrders {
  readonly location: string;
  readonly server: TargetServer;
  readonly store: EventStore;
  readonly deliveries: Deliveries;
  readonly targetID: string;
}

/** Stores that other processes open too: files, or a double of EventStoreDB in a process of its own. */
async function openLocation(kind: 'sqlite' | 'double'): Promise<string> {
  if (kind === 'double') {
    const double = await openDouble();
    closeAfterTest(() => double.close());
    return double.connectionString;
  }
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  return `sqlite:${folder.file('.')}`;
}

interface Orders {
  readonly count: number;
  readonly streams: number;
  /** @defaultValue `sqlite` */
  readonly kind?: 'sqlite' | 'double';
}

/** A durable target for orders, in stores that other processes open too; orders are appended, `total` 1 to `count`. */
export async function placeOrders(
  script: Script,
  { count, streams, kind = 'sqlite' }: Orders,
): Promise<PlacedOrders> {
  const location = await openLocation(kind);
  const server = await targetServer(script);
  closeAfterTest(() => server.close());
  const { events: store, progress, close } = await openPlaces(location);
  closeAfterTest(close);
  const actions = await createActions({
    eventStore: store,
    keyring: 'plaintext',
    network: { allow: [server.allow] },
  });
  closeAfterTest(() => actions.close());
  const { id: targetID } = await actions.targets.add({
    name: 'orders',
    type: 'async',
    delivery: 'durable',
    endpoint: server.url(),
  });
  await actions.executions.set({ event: { group: 'order' } }, [targetID]);
  for (let total = 1; total <= count; total++)
    await store.append(`order-${total % streams}`, [{ type: 'order.placed', data: { total } }]);
  return { location, server, store, deliveries: createDeliveries({ actions, store: progress }), targetID };
}
