import { InvalidArgumentError } from '../../../errors.js';
import type { EventApproval, JudgedEvent } from '../../../hooks/operations/appendHook.js';
import { reading } from '../../../lib/reading/reading.js';
import { shownValue } from '../../../lib/reading/shownValue.js';
import { snapshot } from '../../../lib/json/snapshot.js';
import type { JSONObject, JSONValue } from '../../../ports.js';
import type { ClientEvent } from '../client/streamsClient.js';
import type { SendableEvent } from './sendable.js';

/** An event of the client, copied when the append was called: it shares nothing with the caller's objects. */
export interface TakenEvent {
  /** The event in the form that targets receive. */
  readonly judged: JudgedEvent;
  /** Makes the event to append, with the data that the targets returned and the metadata that the hook adds. */
  approved(approval: EventApproval | undefined): ClientEvent;
}

/** @throws {@link InvalidArgumentError} for an event without an id, and for an event that cannot be read */
export function takeEvent(event: ClientEvent, { dataJSON, metadataJSON }: SendableEvent): TakenEvent {
  const rest = reading('an event', () => ({ ...event }));
  const { id, type } = rest;
  if (typeof (id as unknown) !== 'string')
    throw new InvalidArgumentError(
      `an event of type ${shownValue(type)} has no text as its id, which targets are sent; nothing was sent`,
    );
  const bytes: unknown = dataJSON === undefined ? snapshot(rest.data) : undefined;
  const metadata: unknown = metadataJSON === undefined ? snapshot(rest.metadata) : undefined;
  const takenMetadata = (): unknown => (metadataJSON === undefined ? metadata : parse(metadataJSON));
  return {
    judged: {
      id: canonicalID(id),
      type,
      data: dataJSON === undefined ? toBytes(bytes) : { json: dataJSON },
    },
    approved: ({ amended, noted } = {}) => ({
      ...rest,
      type,
      data: dataJSON === undefined ? bytes : amended ? amended.value : parse(dataJSON),
      ...('metadata' in rest && { metadata: takenMetadata() }),
      ...(noted && withNoted(takenMetadata(), noted)),
    }),
  };
}

const parse = (json: string): JSONValue => JSON.parse(json) as JSONValue;

/** Metadata in bytes cannot hold the members that the hook adds. */
const withNoted = (given: unknown, noted: JSONObject): { readonly metadata?: object } =>
  given instanceof Uint8Array || typeof given === 'string'
    ? {}
    : { metadata: { ...(given as object | undefined), ...noted } };

/** The server also accepts ids without hyphens, in braces or between blanks. */
function canonicalID(id: string): string {
  const digits = id.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The client reads text as base64, and sends nothing where the content type is neither JSON nor bytes. */
function toBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return typeof data === 'string' ? Buffer.from(data, 'base64') : new Uint8Array();
}
