import { assertOpen, whileOpen } from '../lib/whileOpen.js';
import type { Clock, EventStore, RecordedEvent } from '../ports.js';
import { createCommandHandler } from './commandHandler.js';
import {
  createExecutionCommands,
  type ExecutionCommandOptions,
  type ExecutionCommands,
} from './executions.js';
import { createNameReservation } from './nameReservation.js';
import { createQueries, type ExecutionQueries, type TargetQueries } from './queries.js';
import { createReencryption, type Reencrypt, type ReencryptionOptions } from './reencryption.js';
import { createTargetKeys, type TargetKeyOptions, type TargetKeys } from './targetKeys.js';
import { createTargetCommands, type TargetCommandOptions, type TargetCommands } from './targets.js';

interface AllCommandsOptions
  extends
    Omit<TargetCommandOptions, 'handler' | 'names'>,
    Omit<TargetKeyOptions, 'handler'>,
    Omit<ExecutionCommandOptions, 'handler'>,
    Pick<ReencryptionOptions, 'reseal'> {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly generateID: () => string;
  /** The user that commands note in their events; `undefined` where it is not known. */
  readonly userID: () => string | undefined;
  readonly onRead: (recorded: readonly RecordedEvent[]) => Promise<void>;
  /** The most targets that an execution's list expands to. */
  readonly mostTargets: number;
  readonly isClosed: () => boolean;
}

/** The commands and queries of both aggregates, over one command handler. */
interface AllCommands {
  readonly targets: TargetCommands & TargetQueries & { readonly keys: TargetKeys };
  readonly executions: ExecutionCommands & ExecutionQueries;
  readonly reencrypt: Reencrypt;
}

export function createAllCommands(options: AllCommandsOptions): AllCommands {
  const { store, clock, generateID, userID, onRead, isClosed } = options;
  const handler = createCommandHandler({
    store,
    clock,
    generateID,
    metadata(instanceID) {
      const user = userID();
      return { instanceID, ...(user !== undefined && { userID: user }) };
    },
    onRead,
  });
  const targets = createTargetCommands({ ...options, handler, names: createNameReservation(handler, clock) });
  const keys = createTargetKeys({ ...options, handler });
  const queries = createQueries({ ...options, handler });
  const reencrypt = createReencryption({
    ...options,
    handler,
    assertOpen: () => {
      assertOpen(isClosed);
    },
  });
  return {
    targets: {
      ...whileOpen({ ...targets, ...queries.targets }, isClosed),
      // `inspect` works after `close()`: it uses no store.
      keys: { ...whileOpen(keys, isClosed), inspect: keys.inspect },
    },
    executions: whileOpen(
      { ...createExecutionCommands({ ...options, handler }), ...queries.executions },
      isClosed,
    ),
    ...whileOpen({ reencrypt }, isClosed),
  };
}
