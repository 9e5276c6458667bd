import type { EventData } from '../ports.js';
import { checkedEventName } from './eventName.js';
import { createFunctionHook, functionsByName, type FunctionHook } from './functions.js';
import { createAdmit } from './operations/admission.js';
import { createAppendHook, type AppendHook } from './operations/appendHook.js';
import type { AnyFunctionDefinition } from './operations/functionDefinition.js';
import { createFindPending, type FindPendingOptions } from './operations/pendingOperation.js';
import type { Rehearse } from './rehearsal.js';
import { createRehearse, type RehearsingOptions } from './rehearse.js';
import { createMessageHook, createRequestHook, type MessageHook, type RequestHook } from './request.js';

interface AllHooksOptions extends Omit<RehearsingOptions, 'functions'> {
  readonly fire: FindPendingOptions['fire'];
  readonly eventName: ((event: EventData, stream: string) => string) | undefined;
  readonly functions: readonly AnyFunctionDefinition[];
}

/** The hooks of each kind of operation, over one admission, one router and one way to fire. */
interface AllHooks {
  readonly append: AppendHook;
  readonly messages: MessageHook;
  readonly requests: RequestHook;
  readonly functions: FunctionHook;
  readonly rehearse: Rehearse;
  readonly eventName: (event: EventData, stream: string) => string;
}

/** @throws {@link AlreadyExistsError} for two definitions of one function */
export function createAllHooks(options: AllHooksOptions): AllHooks {
  const { router, readiness, fire, generateID, caller, isClosed, limits, clock } = options;
  const admit = createAdmit({ readiness, limits, caller, isClosed });
  const operations = { admit, router, fire, generateID };
  const { events = {}, ...messageSchemas } = options.schemas;
  const eventName = checkedEventName(options.eventName ?? (({ type }) => type));
  const messages = { find: createFindPending(operations), schemas: messageSchemas };
  const functions = functionsByName(options.functions);
  return {
    append: createAppendHook({ ...operations, clock, eventName, schemas: events, isClosed }),
    messages: createMessageHook(messages),
    requests: createRequestHook(messages),
    functions: createFunctionHook(messages.find, functions),
    rehearse: createRehearse({ ...options, functions }),
    eventName,
  };
}
