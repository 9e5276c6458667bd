import {
  eventTypeFilter,
  persistentSubscriptionToStreamSettingsFromDefaults,
  streamNameFilter,
  type Position,
} from '@eventstore/db-client';
import { Listening } from './listening.js';
import { listening, type Player, type Stage } from './player.js';
import type { CallOf } from './scenario.js';
import { originalEvent } from './shownEvent.js';

const filterOf = (
  { naming }: Stage,
  { prefix, window, types }: CallOf<'subscribe'>,
  reach: (position: Position) => void,
) => {
  if (types) return { filter: eventTypeFilter({ prefixes: [...types] }) };
  if (prefix === undefined) return {};
  const checkpointReached = (_: unknown, position: Position): void => {
    reach(position);
  };
  const search = window === undefined ? {} : { maxSearchWindow: window };
  return { filter: streamNameFilter({ prefixes: [naming.stream(prefix)], checkpointReached, ...search }) };
};

export const subscribe: Player<'subscribe'> = async (stage, step, entries) => {
  const { client, naming, patience, subscriptions } = stage;
  const subscription =
    step.stream === undefined
      ? client.subscribeToAll({
          fromPosition: naming.position(step.from),
          ...filterOf(stage, step, (position) => {
            box.reachCheckpoint(position);
          }),
        })
      : client.subscribeToStream(naming.stream(step.stream), { fromRevision: naming.revision(step.from) });
  const box = new Listening(subscription, naming, patience);
  subscriptions.set(step.as, box);
  return await box.take(entries);
};

export const heard: Player<'heard'> = async (stage, { as, checkpoints }, entries) => {
  const box = listening(stage, as);
  const log = await box.take(entries);
  return { log, ...(checkpoints === true && { checkpoints: box.sawCheckpoints, order: box.order }) };
};

export const unsubscribe: Player<'unsubscribe'> = async (stage, { as }) => {
  await listening(stage, as).stop();
  return 'done';
};

export const createGroup: Player<'createGroup'> = async ({ client, naming }, { stream, group, settings }) => {
  const all = persistentSubscriptionToStreamSettingsFromDefaults(settings ?? {});
  await client.createPersistentSubscriptionToStream(naming.stream(stream), group, all);
  return 'done';
};

export const consume: Player<'consume'> = async (stage, { as, stream, group, answers }, entries) => {
  const { client, naming, patience, subscriptions } = stage;
  const subscription = client.subscribeToPersistentSubscriptionToStream(naming.stream(stream), group);
  const box = new Listening(subscription, naming, patience, (resolved) => {
    const { retryCount } = resolved as { retryCount?: number };
    const message = resolved as Parameters<typeof subscription.ack>[0];
    const refusal = answers?.[String(resolved.event?.revision ?? originalEvent(resolved).revision)];
    void (refusal ? subscription.nack(refusal, 'as the scenario says', message) : subscription.ack(message));
    return ` #${retryCount ?? 0}`;
  });
  subscriptions.set(as, box);
  return (await box.take(entries)).sort();
};

export const parked: Player<'parked'> = async ({ client, naming }, { stream, group }) => {
  const { stats } = await client.getPersistentSubscriptionToStreamInfo(naming.stream(stream), group);
  return { parked: stats.parkedMessageCount };
};

export const replayParked: Player<'replayParked'> = async (stage, { as, stream, group }, entries) => {
  await stage.client.replayParkedMessagesToStream(stage.naming.stream(stream), group);
  return (await listening(stage, as).take(entries)).sort();
};

export const deleteGroup: Player<'deleteGroup'> = async (stage, { as, stream, group }, entries) => {
  await stage.client.deletePersistentSubscriptionToStream(stage.naming.stream(stream), group);
  return as === undefined ? 'done' : await listening(stage, as).take(entries);
};
