import { hash } from 'node:crypto';
import type { RecordedEvent } from '../../ports.js';

type Place = Pick<RecordedEvent, 'stream' | 'version'>;

const idOf = (identity: readonly string[]): string =>
  `msg_${hash('sha256', JSON.stringify(identity), 'base64url').slice(0, 24)}`;

/**
 * The id of a delivery, its `webhook-id`: the same for every attempt, worker and replay, also when executions change meanwhile.
 */
export const deliveryID = (
  { instanceID, targetID }: { readonly instanceID: string; readonly targetID: string },
  { stream, version, id }: Place & Pick<RecordedEvent, 'id'>,
): string => idOf(['committed', instanceID, targetID, stream, String(version), id]);

/** The id of a dead letter without a target: `caller` or `eventName` threw for the event. */
export const eventDeadLetterID = ({ stream, version }: Place): string =>
  idOf(['committed', stream, String(version)]);
