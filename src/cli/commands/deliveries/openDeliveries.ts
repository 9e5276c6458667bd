import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError, type Command } from 'commander';
import type {
  ActionsOptions,
  Deliveries,
  DeliveriesOptions,
  DeliveryStore,
  EventStore,
  WorkOptions,
} from '../../../index.js';
import { isDatabase } from '../../session/isDatabase.js';
import type { GlobalOptions } from '../../session/globalOptions.js';
import type { Opened, Session } from '../../session/commandSession.js';
import { isPostgres, openPostgresDeliveries } from '../../session/openPostgres.js';
import { UsageError } from '../../shell/failure.js';

/** The exports of the module that `--config` names: flags cannot pass functions. */
interface DeliveryConfig {
  readonly actions?: Partial<ActionsOptions>;
  readonly deliveries?: Partial<Omit<DeliveriesOptions, 'actions' | 'store'>>;
  readonly work?: WorkOptions;
}

const configNames: ReadonlySet<string> = new Set([
  'actions',
  'deliveries',
  'work',
  'default',
  'module.exports',
  '__esModule',
]);

interface DeliveryFlags {
  readonly group: string;
  readonly config?: string;
}

function parseGroup(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text))
    throw new InvalidArgumentError('Write 1 to 64 letters, digits, _ or -.');
  return text;
}

export const addGroup = (command: Command): Command =>
  command.option(
    '--group <name>',
    'the group of workers that share the work, for progress in an event store',
    parseGroup,
    'default',
  );

async function readConfig(path: string | undefined): Promise<DeliveryConfig> {
  if (path === undefined) return {};
  let module: DeliveryConfig;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as DeliveryConfig;
  } catch (error) {
    throw new UsageError(
      `the module ${JSON.stringify(path)} does not load: ${error instanceof Error ? error.message : ''}`,
    );
  }
  // A misspelt export would be left out in silence. CommonJS adds the names of the whole module.
  const unknown = Object.keys(module).find((name) => !configNames.has(name));
  if (unknown !== undefined)
    throw new UsageError(
      `the module ${JSON.stringify(path)} exports ${JSON.stringify(unknown)}; it may export actions, deliveries and work`,
    );
  return module;
}

/** Opens the delivery store: an SQLite file, a PostgreSQL database, or streams of the event store. */
async function openProgress(
  store: EventStore,
  given: GlobalOptions,
  group: string,
  mayCreate: boolean,
): Promise<DeliveryStore> {
  const { deliveries } = given;
  // Keep the progress beside events in PostgreSQL unless the command line names another place.
  const place = deliveries ?? given.store;
  if (place !== undefined && isPostgres(place)) return openPostgresDeliveries(place);
  if (deliveries === undefined || /^(?:esdb|kurrentdb|kurrent|kdb)(?:\+discover)?:\/\//.test(deliveries)) {
    if (deliveries !== given.store && (deliveries !== undefined || store.local))
      throw new UsageError(
        'where is the progress of deliveries? name a separate file with --deliveries <path> or in EVENTSTORE_ACTIONS_DELIVERIES; ' +
          'with PostgreSQL, EventStoreDB and KurrentDB it is kept beside the events',
      );
    const { eventDeliveryStore } = await import('../../../index.js');
    return eventDeliveryStore(store, { group });
  }
  const { sqliteDeliveryStore } = await import('../../../stores/sqlite/index.js');
  const path = deliveries.replace(/^sqlite:/, '');
  if (!mayCreate && !isDatabase(path))
    throw new UsageError(
      `there is no progress of deliveries in ${JSON.stringify(path)}: a worker creates the file when it first starts`,
    );
  return sqliteDeliveryStore({ path });
}

/** The deliveries for the served console; `undefined` where no place of their progress is known. */
export async function consoleDeliveries(
  session: Session,
  command: Command,
  { actions, store }: Opened,
): Promise<{ readonly deliveries: Deliveries; readonly close: () => Promise<void> } | undefined> {
  const given = session.options(command);
  if (given.deliveries === undefined && store.local === true) return undefined;
  const { group } = command.optsWithGlobals<DeliveryFlags>();
  const progress = await openProgress(store, given, group, true);
  const { createDeliveries } = await import('../../../index.js');
  return { deliveries: createDeliveries({ actions, store: progress }), close: () => progress.close() };
}

/**
 * Opens the store, the actions and their deliveries, and closes all of them, also after an error.
 *
 * @param mayCreate - whether a missing file of deliveries is created
 */
export async function withDeliveries(
  session: Session,
  command: Command,
  use: (
    opened: Opened & { readonly deliveries: Deliveries; readonly config: DeliveryConfig },
  ) => Promise<void>,
  mayCreate = false,
): Promise<void> {
  const { group, config: path } = command.optsWithGlobals<DeliveryFlags>();
  const config = await readConfig(path);
  await session.withActions(
    command,
    async (opened) => {
      const store = await openProgress(opened.store, session.options(command), group, mayCreate);
      try {
        const { createDeliveries } = await import('../../../index.js');
        const deliveries = createDeliveries({ ...config.deliveries, actions: opened.actions, store });
        await use({ ...opened, deliveries, config });
      } finally {
        await store.close();
      }
    },
    { ...(config.actions && { actionsOptions: config.actions }) },
  );
}
