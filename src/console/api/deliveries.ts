import { z } from 'zod';
import { isHealthy } from '../../deliveries/operators/status.js';
import type { Actions, Deliveries as Delivering, DeliveryItem } from '../../index.js';
import { ConsoleProblem } from '../calls/problems.js';
import type { ApiCall, Endpoint, Sources } from '../calls/apiCall.js';
import type { Deliveries, Delivery, DeliveryPage, Requested } from '../wire/deliveries.js';
import { listParameters, takeBody, takeQuery, text } from './inputs.js';
import { ownPage } from './ownDeliveries.js';
import { targetNames } from './shown/targetNames.js';

const mostTargets = 1_000;
const mostLetters = 1_000;
const mostIDs = 200;

const missing = () =>
  new ConsoleProblem(404, 'NOT_FOUND', 'there is no such delivery that waits or is parked');

function shownItem(item: DeliveryItem): Delivery {
  const { instanceID: _instanceID, version, firstAt, nextAttemptAt, parkedAt, ...rest } = item;
  return {
    ...rest,
    version: String(version),
    firstAt: firstAt.toISOString(),
    ...(nextAttemptAt && { nextAttemptAt: nextAttemptAt.toISOString() }),
    ...(parkedAt && { parkedAt: parkedAt.toISOString() }),
  };
}

async function statusOf(
  actions: Pick<Actions, 'targets'>,
  deliveries: Pick<Delivering, 'status'>,
  instanceID: string,
): Promise<Deliveries> {
  const status = await deliveries.status();
  const own = status.targets.filter((target) => target.instanceID === instanceID);
  const shown = own.slice(0, mostTargets);
  const names = await targetNames(
    actions,
    shown.map(({ targetID }) => targetID),
  );
  return {
    healthy: isHealthy(own),
    workers: status.workers,
    deadLetters: own.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
    targets: shown.map(({ instanceID: _instanceID, oldest, ...target }) => ({
      ...target,
      ...(names.has(target.targetID) && { name: names.get(target.targetID) ?? '' }),
      ...(oldest && {
        oldest: {
          stream: oldest.stream,
          version: String(oldest.version),
          ageMs: oldest.ageMs,
          attempts: oldest.attempts,
          ...(oldest.nextAttemptAt && { nextAttemptAt: oldest.nextAttemptAt.toISOString() }),
          ...(oldest.status !== undefined && { status: oldest.status }),
        },
      }),
    })),
  };
}

const ids = z.strictObject({ ids: z.array(text).min(1).max(mostIDs) });
const ofTarget = z.strictObject({ targetID: text, reason: text.optional() });

export function deliveryEndpoints({ actions, deliveries }: Sources): readonly Endpoint[] {
  const read = ['action.target.read'] as const;
  const write = ['action.target.write'] as const;

  const delivering = (): Delivering => {
    if (deliveries) return deliveries;
    throw new ConsoleProblem(404, 'NO_DELIVERIES', 'the console was given no deliveries');
  };

  async function show({ instanceID }: ApiCall, id: string): Promise<DeliveryItem> {
    const item = await delivering().show(id);
    if (item?.instanceID !== instanceID) throw missing();
    return item;
  }

  async function list(call: ApiCall): Promise<DeliveryPage> {
    const { after, limit, targetID, stream, state } = takeQuery(call, {
      ...listParameters,
      targetID: text.optional(),
      stream: text.optional(),
      state: z.enum(['waiting', 'parked']).optional(),
    });
    const { items, next } = await ownPage(delivering(), call.instanceID, {
      limit,
      ...(after !== undefined && { after }),
      ...(targetID !== undefined && { targetID }),
      ...(stream !== undefined && { stream }),
      ...(state !== undefined && { state }),
    });
    return { items: items.map(shownItem), ...(next !== undefined && { next }) };
  }

  /** The ids of the selected dead letters of the caller's instance. */
  async function lettersOf(
    call: ApiCall,
  ): Promise<{ readonly ids: readonly string[]; readonly more: boolean }> {
    if (ids.safeParse(call.body).success) {
      const asked = takeBody(call, ids.shape).ids;
      for (const id of asked) await show(call, id);
      return { ids: asked, more: false };
    }
    const { targetID, reason } = takeBody(call, ofTarget.shape);
    const query = { targetID, state: 'parked', limit: mostLetters } as const;
    const { items, next } = await ownPage(
      delivering(),
      call.instanceID,
      query,
      (item) => reason === undefined || item.reason === reason,
    );
    return { ids: items.map(({ id }) => id), more: next !== undefined };
  }

  const request = (kind: 'replay' | 'discard'): Endpoint => ({
    method: 'POST',
    path: `deliveries/${kind}`,
    permissions: write,
    async answer(call): Promise<Requested> {
      const { ids: letters, more } = await lettersOf(call);
      if (letters.length === 0) return { deadLetters: 0, more };
      const { deadLetters } = await delivering()[kind]({ ids: letters });
      return { deadLetters, more };
    },
  });

  return [
    {
      method: 'GET',
      path: 'deliveries',
      permissions: read,
      answer: ({ instanceID }) => statusOf(actions, delivering(), instanceID),
    },
    { method: 'GET', path: 'deliveries/items', permissions: read, answer: list },
    {
      method: 'GET',
      path: 'deliveries/items/{id}',
      permissions: read,
      answer: async (call) => shownItem(await show(call, call.fields['id'] ?? '')),
    },
    request('replay'),
    request('discard'),
  ];
}
