import { InvalidArgumentError } from '../../../errors.js';
import type { ClientKind } from './clientKind.js';

/** The global object that holds the generated messages of both packages. */
interface Loaded {
  readonly proto?: {
    readonly event_store?: {
      readonly client?: {
        readonly streams?: {
          readonly BatchAppendReq?: { readonly Options?: { readonly prototype: object } };
        };
      };
    };
  };
}

/**
 * Refuses to work where the other package was loaded after this one. Both packages write their messages to the same global
 * names, which leaves the first with a mixture: its appends fail or are never answered.
 *
 * @throws {@link InvalidArgumentError} nothing was sent
 */
export function assertOnlyClient(kind: ClientKind): void {
  const messages = (globalThis as Loaded).proto?.event_store?.client?.streams?.BatchAppendReq?.Options;
  if (messages === undefined) return;
  const isOwn = 'setDeadline21100' in messages.prototype === kind.hasDeadline21100;
  if (isOwn) return;
  throw new InvalidArgumentError(
    `this process has loaded the other client of the protocol after ${kind.package}, and the two overwrite each other's messages, ` +
      `so that appends fail or are never answered: load one of @eventstore/db-client and @kurrent/kurrentdb-client in a process; ` +
      'nothing was sent',
  );
}
