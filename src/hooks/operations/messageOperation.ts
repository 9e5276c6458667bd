import type { Content, Objection } from '../../firing/calls/operation.js';
import { requestBody, responseBody } from '../../firing/calls/payload.js';
import type { JSONValue } from '../../ports.js';
import type { OperationCaller } from './admission.js';
import { schemaObjection, schemaOf, type ContentSchemas } from './contentSchema.js';
import type { OperationParts } from './operationParts.js';

/** By method, with or without a leading slash. */
export interface MessageSchemas {
  readonly requests?: ContentSchemas | undefined;
  readonly responses?: ContentSchemas | undefined;
}

interface MessageInput {
  /** `/<service>/<method>`. */
  readonly name: string;
  readonly who: OperationCaller;
  readonly operationID: string;
  readonly content: Content;
  /** Headers of the caller that targets are shown. */
  readonly headers?: object | undefined;
  /**
   * Whether an answer may replace `null` content by an object or an array. @defaultValue `true` for a request, `false`
   * for a response
   */
  readonly acceptsNull?: boolean | undefined;
  /** Why the integration cannot use the content that a target returned. */
  readonly objection?: ((amended: JSONValue) => string | undefined) | undefined;
  readonly schemas: MessageSchemas;
}

/** The operation before a request is processed. */
export function requestOperation(input: MessageInput): OperationParts {
  const { name, who, operationID, content, headers, acceptsNull = true } = input;
  return {
    kind: 'request',
    condition: `request${name}`,
    operationID,
    content,
    render: requestBody({ ...who, fullMethod: name }, headers),
    acceptsNull,
    objection: objectionOf('request', input, input.schemas.requests),
  };
}

/** The operation before a response is sent; `request` is the request as it was processed. */
export function responseOperation(input: MessageInput & { readonly request: Content }): OperationParts {
  const { name, who, operationID, content, headers, acceptsNull = false, request } = input;
  return {
    kind: 'response',
    condition: `response${name}`,
    operationID,
    // Targets are sent both, so both need JSON.
    content:
      request.json === undefined
        ? { json: undefined, problem: `of its request: ${request.problem}` }
        : content,
    render: responseBody({ ...who, fullMethod: name }, request.json ?? 'null', headers),
    acceptsNull,
    objection: objectionOf('response', input, input.schemas.responses),
  };
}

function objectionOf(
  kind: 'request' | 'response',
  { name, objection }: MessageInput,
  schemas: ContentSchemas = {},
) {
  const schema = schemaOf(schemas, name) ?? schemaOf(schemas, name.slice(1));
  return (answer: JSONValue): Objection | undefined =>
    schemaObjection(schema, answer, `${kind} ${name}`) ?? unusable(answer, objection);
}

/** The objection of an integration. An error that it throws is an objection too. */
function unusable(answer: JSONValue, objection: MessageInput['objection']): Objection | undefined {
  try {
    const message = objection?.(answer);
    return message === undefined ? undefined : { reason: 'schema', message };
  } catch {
    return { reason: 'schema', message: 'what it made of the content cannot be used' };
  }
}
