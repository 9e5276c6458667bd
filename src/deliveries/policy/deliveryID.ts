import type { RecordedEvent } from '../../ports.js';
import { idOfFacts } from '../../signing/webhookID.js';

type Place = Pick<RecordedEvent, 'stream' | 'version'>;

/**
 * The id of a delivery, its `webhook-id`: the same for every attempt, worker and replay, also when executions change meanwhile.
 */
export const deliveryID = (
  { instanceID, targetID }: { readonly instanceID: string; readonly targetID: string },
  { stream, version, id }: Place & Pick<RecordedEvent, 'id'>,
): string => idOfFacts(['committed', instanceID, targetID, stream, String(version), id]);

/** The id of a dead letter without a target: `caller` or `eventName` threw for the event. */
export const eventDeadLetterID = ({ stream, version }: Place): string =>
  idOfFacts(['committed', stream, String(version)]);
