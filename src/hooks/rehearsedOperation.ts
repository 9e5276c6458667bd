import { InvalidArgumentError } from '../errors.js';
import { maxContentLevels } from '../events/proposedAppend.js';
import type { OccurrenceKind } from '../execution/condition.js';
import type { Content } from '../firing/calls/operation.js';
import { isDeeperThan, writeJSON } from '../lib/json/json.js';
import { reading } from '../lib/reading/reading.js';
import type { OperationCaller } from './operations/admission.js';
import type { ContentSchemas } from './operations/contentSchema.js';
import { eventOperation } from './operations/eventOperation.js';
import type { AnyFunctionDefinition } from './operations/functionDefinition.js';
import { functionOperation } from './operations/functionOperation.js';
import { readPayload, writePayload } from './operations/functionPayload.js';
import { requestOperation, responseOperation, type MessageSchemas } from './operations/messageOperation.js';
import type { OperationParts } from './operations/operationParts.js';
import type { RehearseOptions } from './rehearsal.js';

/** The checks of answers in real operations. */
export interface RehearsalRules {
  readonly schemas: MessageSchemas & { readonly events?: ContentSchemas | undefined };
  readonly functions: ReadonlyMap<string, AnyFunctionDefinition>;
  readonly generateID: () => string;
}

interface Rehearsed {
  readonly kind: OccurrenceKind;
  readonly name: string;
  readonly who: OperationCaller;
  readonly given: RehearseOptions;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const isBytes = (content: unknown): content is Uint8Array =>
  reading('the content', () => content instanceof Uint8Array);

function written(value: unknown, what: string): Content {
  const { json, problem } = writeJSON(value ?? null);
  if (json === undefined)
    throw new InvalidArgumentError(`${what} cannot be written as JSON: ${problem}; nothing was called`);
  if (isDeeperThan(json, maxContentLevels))
    throw new InvalidArgumentError(
      `${what} is JSON of more than ${maxContentLevels} levels; nothing was called`,
    );
  return { json };
}

/**
 * The operation that would really happen, from the same builders.
 *
 * @throws {@link InvalidArgumentError} for content without JSON, or a payload that the function refuses
 */
export function rehearsedOperation(rehearsed: Rehearsed, rules: RehearsalRules): OperationParts {
  const { kind, name, who, given } = rehearsed;
  const operationID = given.operationID ?? rules.generateID();
  const { schemas } = rules;
  const { content = {} } = given;
  if (kind === 'event') return rehearsedEvent(rehearsed, operationID, schemas.events ?? {});
  if (isBytes(content))
    throw new InvalidArgumentError(
      `the content of ${kind} ${name} is JSON, not bytes; only an event may be bytes; nothing was called`,
    );
  if (kind === 'function') {
    const definition = rules.functions.get(name);
    const { sent } = readPayload(name, content, definition);
    const payload = writePayload(name, sent);
    return functionOperation({ name, who, operationID, payload, definition }).parts;
  }
  const message = {
    name,
    who,
    operationID,
    schemas,
    content: written(content, `the content of ${kind} ${name}`),
  };
  if (kind === 'request') return requestOperation(message);
  return responseOperation({ ...message, request: written(given.request, 'the request') });
}

function rehearsedEvent(
  { name, who, given, now }: Rehearsed,
  operationID: string,
  schemas: ContentSchemas,
): OperationParts {
  const { content = {}, createdAt, stream = `rehearsal-${operationID}`, sequence } = given;
  return eventOperation({
    name,
    who,
    data: isBytes(content)
      ? reading('the content', () => new Uint8Array(content))
      : written(content, `the content of event ${name}`),
    schemas,
    stream,
    eventID: operationID,
    type: name,
    sequence,
    createdAt: createdAt?.getTime() ?? now,
    phase: 'rehearsal',
  });
}
