import { randomBytes } from 'node:crypto';
import { createActions, createKeyring, isActionsError, memoryEventStore } from 'eventstore-actions';

export interface OrderDesk {
  /** The key with which the endpoint verifies calls. */
  readonly signingKey: string;
  /** Appends an allowed order and a refused one, calls the endpoint without a signature, and prints the results. */
  placeOrders(): Promise<void>;
}

/** The other side of the receiver's examples: an application that calls the endpoint before it appends an order. */
export async function openOrderDesk(endpoint: string): Promise<OrderDesk> {
  const eventStore = memoryEventStore();
  const actions = await createActions({
    eventStore,
    keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
    network: { allow: ['127.0.0.1/32'] },
  });
  const { id, signingKey } = await actions.targets.add({
    name: 'order policy',
    type: 'requestResponse',
    endpoint,
    interruptOnError: true,
  });
  await actions.executions.set({ event: { group: 'order' } }, [id]);
  const guarded = actions.intercept(eventStore);

  const place = async (stream: string, total: number): Promise<void> => {
    try {
      await guarded.append(stream, [{ type: 'order.placed', data: { total } }]);
      for await (const { data } of eventStore.readStream(stream)) console.log(stream, 'appended', data);
    } catch (error) {
      if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
      console.log(stream, 'refused', error.status, error.message);
    }
  };

  return {
    signingKey,
    async placeOrders() {
      await place('order-1', 250);
      await place('order-2', 5_000);
      for (const signature of ['', `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}`]) {
        const { status } = await fetch(endpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'zitadel-signature': signature },
          body: '{"event_type":"order.placed","event_payload":{"total":1}}',
        });
        console.log('a stranger is answered', status);
      }
      await actions.close();
    },
  };
}
