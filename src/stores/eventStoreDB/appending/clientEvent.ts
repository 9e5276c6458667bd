import type { EventData as ClientEvent } from '@eventstore/db-client';
import type { EventData, JSONObject, JSONValue } from '../../../ports.js';

/** An event of the client in the form the targets are asked about. */
export function toProposedEvent({ id, type, contentType, data }: ClientEvent): EventData {
  return {
    id: canonicalID(id),
    type,
    data: contentType === 'application/json' ? toJSON(data) : toBytes(data),
  };
}

/** The event as it is now: nothing that the caller does to its metadata or bytes later has an effect. */
export function takenEvent(event: ClientEvent): ClientEvent {
  const { data, metadata }: { readonly data: unknown; readonly metadata?: unknown } = event;
  return {
    ...event,
    ...(data instanceof Uint8Array && { data: new Uint8Array(data) }),
    ...(metadata !== undefined && { metadata: takenMetadata(metadata) }),
  } as ClientEvent;
}

function takenMetadata(metadata: unknown): unknown {
  if (metadata instanceof Uint8Array) return new Uint8Array(metadata);
  return typeof metadata === 'object' ? (JSON.parse(JSON.stringify(metadata)) as unknown) : metadata;
}

/** The event as it is appended: what the targets made of it, and the rest as the caller gave it. */
export function approvedEvent(event: ClientEvent, approved: EventData | undefined): ClientEvent {
  if (approved === undefined) return event;
  const { type, data, metadata } = approved;
  return { ...event, type, data, ...(metadata && withNoted(event.metadata, metadata)) } as ClientEvent;
}

/** Metadata that are bytes have no place for what the hook notes. */
const withNoted = (given: unknown, noted: JSONObject): { readonly metadata?: object } =>
  given instanceof Uint8Array || typeof given === 'string'
    ? {}
    : { metadata: { ...(given as object | undefined), ...noted } };

/** The server also reads ids without hyphens, in braces or between blanks. */
function canonicalID(id: string): string {
  const digits = id.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function toJSON(data: unknown): JSONValue {
  // Bytes under a JSON content type are stored as the object that JSON makes of them.
  return (ArrayBuffer.isView(data) ? JSON.parse(JSON.stringify(data)) : data) as JSONValue;
}

/** The client takes text for base64, and sends nothing where the content type is neither JSON nor bytes. */
function toBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return typeof data === 'string' ? Buffer.from(data, 'base64') : new Uint8Array();
}
