import { InvalidArgumentError } from '../errors.js';
import type { OccurrenceKind } from '../execution/condition.js';
import type { Objection, Operation } from '../firing/calls/operation.js';
import { eventBody, functionBody, requestBody, responseBody } from '../firing/calls/payload.js';
import type { JSONObject, JSONValue } from '../ports.js';
import { objectionTo } from './append.js';
import { schemaObjection, schemaOf, type ContentSchemas } from './contentSchema.js';
import type { AnyFunctionDefinition } from './functionDefinition.js';
import { contentOf, type OperationCaller } from './operation.js';
import type { RehearseOptions } from './rehearse.js';

/** What judges answers in real operations. */
export interface RehearsalRules {
  readonly schemas: {
    readonly events?: ContentSchemas;
    readonly requests?: ContentSchemas;
    readonly responses?: ContentSchemas;
  };
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

type RehearsedOperation = Omit<Operation, 'instanceID' | 'match' | 'depth' | 'signal'>;

const isObject = (value: JSONValue): value is JSONObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The operation that really happens, marked as a rehearsal. @throws {@link InvalidArgumentError} for content without JSON */
export function rehearsedOperation(
  { kind, name, who, given, now }: Rehearsed,
  rules: RehearsalRules,
): RehearsedOperation {
  const operationID = given.operationID ?? rules.generateID();
  const { content: data = {} } = given;
  const isBinary = data instanceof Uint8Array;
  if (isBinary && kind !== 'event')
    throw new InvalidArgumentError(`the content of ${kind} ${name} is JSON; only an event may be bytes`);
  if (given.createdAt && Number.isNaN(given.createdAt.getTime()))
    throw new InvalidArgumentError(`the createdAt of ${kind} ${name} is not a time`);
  const content = contentOf(
    isBinary ? Buffer.from(data).toString('base64') : data,
    `the content of ${kind} ${name}`,
  );
  const named = { ...who, fullMethod: name };
  const judgedBy =
    (schemas: ContentSchemas = {}, ...names: readonly string[]) =>
    (answer: JSONValue): Objection | undefined => {
      const schema = names.map((each) => schemaOf(schemas, each)).find((each) => each !== undefined);
      return schemaObjection(schema, answer, `${kind} ${name}`);
    };
  const methods = [name, name.slice(1)];
  const common = { kind, operationID, isRehearsal: true, content };

  switch (kind) {
    case 'request':
      return {
        ...common,
        condition: `request${name}`,
        render: requestBody(named),
        acceptsNull: true,
        objection: judgedBy(rules.schemas.requests, ...methods),
      };
    case 'response':
      return {
        ...common,
        condition: `response${name}`,
        render: responseBody(named, contentOf(given.request, 'the request').json),
        objection: judgedBy(rules.schemas.responses, ...methods),
      };
    case 'event':
      return {
        ...common,
        condition: `event/${name}`,
        render: eventBody(who, {
          stream: given.stream ?? `rehearsal-${operationID}`,
          eventID: operationID,
          type: name,
          sequence: given.sequence,
          createdAt: given.createdAt?.getTime() ?? now,
          isBinary,
          phase: 'rehearsal',
        }),
        objection: objectionTo(content, isBinary, rules.schemas.events ?? {}, name),
      };
    case 'function':
      return {
        ...common,
        condition: `function/${name}`,
        content: { value: null, json: 'null' },
        render: functionBody(who, name, content.json),
        acceptsNull: true,
        ...functionRules(name, rules.functions.get(name)),
      };
  }
}

function functionRules(name: string, definition: AnyFunctionDefinition | undefined) {
  let merged: JSONObject = {};
  return {
    merge: (_before: JSONValue, answer: JSONValue) => (merged = { ...merged, ...(answer as JSONObject) }),
    objection(answer: JSONValue): Objection | undefined {
      if (!isObject(answer))
        return { reason: 'answer-invalid', message: `its answer to function ${name} is not an object` };
      if (!definition || definition.answer.safeParse({ ...merged, ...answer }).success) return undefined;
      return { reason: 'schema', message: `its answer does not fit the definition of function ${name}` };
    },
  };
}
