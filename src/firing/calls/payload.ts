/** The fields of an operation's caller that targets are sent. */
export interface PayloadCaller {
  readonly instanceID: string;
  readonly orgID?: string | undefined;
  readonly projectID?: string | undefined;
  readonly userID?: string | undefined;
  readonly fullMethod?: string | undefined;
}

/** Makes the body that a target is sent from the JSON of the content. */
export type RenderBody = (contentJSON: string) => string;

/** Leaves out empty ids; `JSON.stringify` leaves out `undefined`. */
const orAbsent = (id: string | undefined): string | undefined => (id === '' ? undefined : id);

/**
 * Stringifies everything but the content once: each further target costs one concatenation. The slot is a member whose
 * value is filled in later, and whose name needs no escapes; members before and after it keep their order.
 */
function template(before: object, slot: string, after: object = {}): RenderBody {
  const head = JSON.stringify(before).slice(0, -1);
  const tail = JSON.stringify(after).slice(1);
  const opening = `${head}${head === '{' ? '' : ','}"${slot}":`;
  const closing = tail === '}' ? tail : `,${tail}`;
  return (contentJSON) => opening + contentJSON + closing;
}

const envelope = ({ fullMethod, instanceID, orgID, projectID, userID }: PayloadCaller) => ({
  fullMethod: orAbsent(fullMethod),
  instanceID: orAbsent(instanceID),
  orgID: orAbsent(orgID),
  projectID: orAbsent(projectID),
  userID: orAbsent(userID),
});

/** The body of a request execution. */
export const requestBody = (caller: PayloadCaller, headers?: object): RenderBody =>
  template(envelope(caller), 'request', { headers });

/** The body of a response execution; `requestJSON` is the request as it was processed. */
export function responseBody(caller: PayloadCaller, requestJSON: string, headers?: object): RenderBody {
  const opening = template(envelope(caller), 'request')(requestJSON).slice(0, -1);
  const closing = headers === undefined ? '}' : `,"headers":${JSON.stringify(headers)}}`;
  return (contentJSON) => `${opening},"response":${contentJSON}${closing}`;
}

/** The body of a function execution: its payload beside the ids, and the merged answers of the targets before. */
export function functionBody(caller: PayloadCaller, name: string, payloadJSON: string): RenderBody {
  const { instanceID, orgID, projectID, userID } = envelope(caller);
  const head = JSON.stringify({ function: `function/${name}`, instanceID, orgID, projectID, userID }).slice(
    0,
    -1,
  );
  const opening = payloadJSON === '{}' ? head : `${head},${payloadJSON.slice(1, -1)}`;
  return (answerJSON) => (answerJSON === 'null' ? `${opening}}` : `${opening},"response":${answerJSON}}`);
}

/** The members of an event body beside its content. */
export interface EventOccurrence {
  readonly stream: string;
  readonly eventID: string;
  readonly type: string;
  /** The version that the event will have, if it is known. */
  readonly sequence: bigint | undefined;
  /** Time of the first call of the event. Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly phase: 'before-append' | 'committed' | 'rehearsal';
  /** Position in the whole store; absent before the event is appended. */
  readonly position?: bigint;
}

/** A stream name is `<aggregate type>-<aggregate id>`; a name without `-` stands for both. */
function aggregateOf(stream: string): { readonly aggregateID: string; readonly aggregateType: string } {
  const dash = stream.indexOf('-');
  if (dash === -1) return { aggregateID: stream, aggregateType: stream };
  return { aggregateID: stream.slice(dash + 1), aggregateType: stream.slice(0, dash) };
}

/** Absent above the largest integer that JavaScript keeps exactly. */
const asNumber = (sequence: bigint | undefined): number | undefined =>
  sequence === undefined || sequence > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(sequence);

/** The body of an event execution: ZITADEL's members first, in its mixed naming. */
export function eventBody(caller: PayloadCaller, event: EventOccurrence, isBinary: boolean): RenderBody {
  const { fullMethod, instanceID, orgID, projectID, userID } = envelope(caller);
  const { aggregateID, aggregateType } = aggregateOf(event.stream);
  return template(
    {
      aggregateID,
      aggregateType,
      resourceOwner: orgID ?? instanceID,
      instanceID,
      version: 'v1',
      sequence: asNumber(event.sequence),
      event_type: event.type,
      created_at: new Date(event.createdAt).toISOString(),
      userID,
    },
    'event_payload',
    {
      encoding: isBinary ? 'base64' : undefined,
      event_id: event.eventID,
      stream: event.stream,
      phase: event.phase,
      position: asNumber(event.position),
      fullMethod,
      orgID,
      projectID,
    },
  );
}
