import type persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { messages } from './protocol.js';
import type { Consumer } from './consumer.js';
import type { PersistentGroup } from './persistentGroup.js';

const { SubscriptionInfo } = messages.persistent;

const connection = ({ call, inFlight, room }: Consumer): persistent.SubscriptionInfo.ConnectionInfo =>
  new SubscriptionInfo.ConnectionInfo()
    .setFrom(call.peer)
    .setConnectionName(call.name)
    .setInFlightMessages(inFlight)
    .setAvailableSlots(room);

/** A group as GetInfo and List show it. */
export const groupInfo = (group: PersistentGroup): persistent.SubscriptionInfo => {
  const { settings, source, consumers, lastCheckpoint } = group;
  const inFlight = consumers.reduce((sum, consumer) => sum + consumer.inFlight, 0);
  return new SubscriptionInfo()
    .setEventSource(source.name)
    .setGroupName(group.name)
    .setStatus('Live')
    .setConnectionsList(consumers.map(connection))
    .setLastCheckpointedEventPosition(
      lastCheckpoint === undefined ? '' : source.checkpointText(lastCheckpoint),
    )
    .setResolveLinkTos(settings.resolveLinks)
    .setStartFrom(source.startFrom)
    .setMessageTimeoutMilliseconds(settings.messageTimeout)
    .setExtraStatistics(settings.extraStatistics)
    .setMaxRetryCount(settings.maxRetryCount)
    .setLiveBufferSize(settings.liveBufferSize)
    .setBufferSize(settings.historyBufferSize)
    .setReadBatchSize(settings.readBatchSize)
    .setCheckPointAfterMilliseconds(settings.checkpointAfter)
    .setMinCheckPointCount(settings.minCheckpointCount)
    .setMaxCheckPointCount(settings.maxCheckpointCount)
    .setNamedConsumerStrategy(settings.strategy)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setRetryBufferCount(group.retryBufferCount)
    .setTotalInFlightMessages(inFlight)
    .setOutstandingMessagesCount(inFlight + group.retryBufferCount)
    .setParkedMessageCount(String(group.parked.count));
};
