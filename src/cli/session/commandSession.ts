import type { Command } from 'commander';
import { abortable } from '../../lib/abortable.js';
import { IndexNotReadyError } from '../../errors.js';
import type { Actions, ActionsOptions, EventStore } from '../../index.js';
import type { SQLiteIndexStore } from '../../stores/sqlite/index.js';
import { answerFromCommandLine, UsageError } from '../shell/failure.js';
import { withNearestTarget } from './unknownTarget.js';
import { globalOptionsOf, namedAsGiven, type GlobalOptions } from './globalOptions.js';
import { openStore } from './openStore.js';
import { createCommandOutput, type CommandOutput } from '../shell/commandOutput.js';
import type { Terminal } from '../shell/terminal.js';

/** The store and actions of a command. */
export interface Opened {
  readonly actions: Actions;
  readonly store: EventStore;
  /** The path of an SQLite store that was created. */
  readonly created: string | undefined;
  readonly indexStore: SQLiteIndexStore | undefined;
  readonly output: CommandOutput;
  /** Asks the library in memory, with the options of the command line. Nothing is sealed there. */
  readonly inMemory: <Result>(ask: (actions: Actions) => Promise<Result>) => Promise<Result>;
}

interface OpenOptions {
  /** Options of `createActions` from a module. Flags take precedence. */
  readonly actionsOptions?: Partial<ActionsOptions>;
  /** Whether a missing SQLite file is created. @defaultValue `false` */
  readonly mayCreate?: boolean;
  /** Whether to wait until the index is complete. @defaultValue `true` */
  readonly awaitReady?: boolean;
  /** @defaultValue `false` */
  readonly needsIndex?: boolean;
  /** @defaultValue `false` */
  readonly needsKeyring?: boolean;
  /** Asks the library in memory what it says of the command line, before a store is opened or created. */
  readonly check?: (actions: Actions) => unknown;
  /** Makes the ids of new targets. @defaultValue UUIDs */
  readonly generateTargetID?: () => string;
}

/** One run of the program. */
export interface Session {
  readonly terminal: Terminal;
  /** Aborts when the user interrupts the program. */
  readonly signal: AbortSignal;
  exitCode: number;
  options(command: Command): GlobalOptions;
  output(command: Command, follows?: boolean): CommandOutput;
  /** Opens the store and the actions, and closes both, also after an error. */
  withActions(command: Command, use: (opened: Opened) => Promise<void>, options?: OpenOptions): Promise<void>;
}

/** Waits until the index is complete. Rejects after the time limit, or when the user interrupts. */
async function whenReady(
  actions: Actions,
  store: EventStore,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(waitMs);
  // Fail here where the store is unreachable: the index would wait for it forever.
  const ready = Promise.resolve(store.head?.()).then(() => actions.ready());
  try {
    await abortable(ready, AbortSignal.any([late, signal]));
  } catch (error) {
    if (error !== late.reason || !late.aborted) throw error;
    const { failure, interruption = failure } = actions.health();
    throw new IndexNotReadyError(
      interruption === undefined
        ? `the index was not complete within ${waitMs} ms; wait longer with --wait, or keep it with --index <path>`
        : `the index was not complete within ${waitMs} ms: ${interruption}`,
    );
  }
}

export const keyringMissing =
  'signing keys and header values are sealed: name a key file with --keyring <path> or in EVENTSTORE_ACTIONS_KEYRING; ' +
  '"plaintext" stores them in the clear';

function assertGiven(given: GlobalOptions, { needsIndex, needsKeyring }: OpenOptions): void {
  if (needsIndex === true && given.index === undefined)
    throw new UsageError('which index? name its file with --index <path> or in EVENTSTORE_ACTIONS_INDEX');
  if (needsKeyring === true && given.keyring === undefined) throw new UsageError(keyringMissing);
}

async function openIndex(path: string) {
  const { sqliteIndexStore } = await import('../../stores/sqlite/index.js');
  return sqliteIndexStore({ path });
}

export function createSession(terminal: Terminal, signal: AbortSignal): Session {
  const options = globalOptionsOf;
  const output = (command: Command, follows = false) =>
    createCommandOutput(terminal, command.optsWithGlobals<GlobalOptions>().json === true, follows);

  return {
    terminal,
    signal,
    exitCode: 0,
    options,
    output,
    async withActions(command, use, openOptions = {}) {
      const { mayCreate = false, awaitReady = true } = openOptions;
      const given = options(command);
      assertGiven(given, openOptions);
      const closings: (() => Promise<void>)[] = [];
      try {
        const settings = { ...(await readSecrets(terminal, given)), ...settingsOf(given) };
        await judgeInMemory(settings, openOptions.check);
        const { store, created, close } = await openStore(given.store, mayCreate);
        closings.unshift(close);
        const indexStore = given.index === undefined ? undefined : await openIndex(given.index);
        if (indexStore) closings.unshift(() => indexStore.close());
        const { createActions } = await import('../../index.js');
        const actions = await createActions({
          ...openOptions.actionsOptions,
          ...settings,
          eventStore: store,
          awaitReady: false,
          ...(openOptions.generateTargetID && { generateTargetID: openOptions.generateTargetID }),
          ...(indexStore && { indexStore }),
        });
        closings.unshift(() => actions.close());
        if (awaitReady) await whenReady(actions, store, given.wait, signal);
        try {
          await use({
            actions,
            store,
            created,
            indexStore,
            output: output(command),
            inMemory: (ask) => askInMemory({ ...settings, keyring: 'plaintext' }, ask),
          });
        } catch (error) {
          throw await withNearestTarget(actions, error);
        }
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new UsageError(namedAsGiven(command, error.message), { cause: error });
      } finally {
        for (const close of closings) await close();
      }
    },
  };
}

async function readSecrets(terminal: Terminal, given: GlobalOptions) {
  const { readJwtKeys, readKeyring } = await import('../shell/keyFiles.js');
  return {
    ...(given.keyring !== undefined && { keyring: await readKeyring(terminal, given.keyring) }),
    ...(given.jwtKeys !== undefined && { jwtKeys: await readJwtKeys(terminal, given.jwtKeys) }),
  };
}

type Settings = Pick<ActionsOptions, 'keyring' | 'jwtKeys' | 'instanceID' | 'network'>;

/** The options of `createActions` that stand on the command line as text. */
const settingsOf = ({ instance, allow }: GlobalOptions): Settings => ({
  ...(instance !== undefined && { instanceID: instance }),
  ...(allow !== undefined && { network: { allow: entriesOf(allow) } }),
});

/**
 * Opens nothing where the command line gives nothing to judge: a keyring was judged when it was made.
 *
 * @throws {@link UsageError} for a command line that the library refuses: nothing is open then
 */
async function judgeInMemory(settings: Settings, check: OpenOptions['check']): Promise<void> {
  const { instanceID, network, jwtKeys } = settings;
  if (check === undefined && instanceID === undefined && network === undefined && jwtKeys === undefined)
    return;
  await answerFromCommandLine(() => askInMemory(settings, async (actions) => check?.(actions)));
}

async function askInMemory<Result>(
  settings: Settings,
  ask: (actions: Actions) => Promise<Result>,
): Promise<Result> {
  const { createActions, memoryEventStore } = await import('../../index.js');
  await using actions = await createActions({ ...settings, eventStore: memoryEventStore() });
  return await ask(actions);
}

const entriesOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
