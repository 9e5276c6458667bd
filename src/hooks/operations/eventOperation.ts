import type { Content, Objection } from '../../firing/calls/operation.js';
import { eventBody, type EventOccurrence } from '../../firing/calls/payload.js';
import type { JSONValue } from '../../ports.js';
import type { OperationCaller } from './admission.js';
import { schemaObjection, schemaOf, type ContentSchemas } from './contentSchema.js';
import type { OperationParts } from './operationParts.js';

interface EventOperationInput extends EventOccurrence {
  /** The event's name in conditions. */
  readonly name: string;
  readonly who: OperationCaller;
  /** JSON of the data, or the bytes of an event that is not JSON. */
  readonly data: Content | Uint8Array;
  /** By event name. */
  readonly schemas: ContentSchemas;
}

/** The operation before an event is appended: its targets are sent the event's data, or base64 of its bytes. */
export function eventOperation(input: EventOperationInput): OperationParts {
  const { name, who, data, schemas } = input;
  const isBinary = data instanceof Uint8Array;
  const content = isBinary ? { json: JSON.stringify(Buffer.from(data).toString('base64')) } : data;
  return {
    kind: 'event',
    condition: `event/${name}`,
    operationID: input.eventID,
    content,
    render: eventBody(who, input, isBinary),
    objection: isBinary
      ? objectionToBytes(content.json ?? '')
      : (answer) => schemaObjection(schemaOf(schemas, name), answer, `event ${name}`),
  };
}

const objectionToBytes =
  (sentJSON: string) =>
  (answer: JSONValue): Objection | undefined => {
    if (JSON.stringify(answer) === sentJSON) return undefined;
    return {
      reason: 'answer-invalid',
      message: 'it amended a binary event, which can only be watched or refused',
    };
  };
