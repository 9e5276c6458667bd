import { InvalidArgumentError } from '../errors.js';
import type { Caller } from '../hooks/context/caller.js';
import { z } from 'zod';
import { parseInput } from '../lib/input.js';
import { readOptions, signalOnly, type OptionNames } from '../lib/reading/readOptions.js';
import { requireFunction, requireFunctions } from '../lib/reading/reading.js';
import { requireSignal } from '../lib/reading/requireSignal.js';
import { runReporting } from '../lib/ignoredError.js';
import { whileOpen } from '../lib/whileOpen.js';
import type { RecordedEvent } from '../ports.js';
import { checkedStore } from '../events/contract/checkedStore.js';
import { accessOf, type ActionsAccess } from './context/actionsAccess.js';
import { readDeliveriesHealth, type DeliveriesHealth } from './deliveriesHealth.js';
import { measureDeliveries } from './metrics.js';
import { createOperators, type Operators } from './operators/operators.js';
import { readStatus, type DeliveriesStatus } from './operators/status.js';
import { parseWorkOptions, type ParsedWorkOptions, type WorkOptions } from './context/workOptions.js';
import type { Partition } from './progress/partition.js';
import type { DeliveryReport } from './context/deliveryReport.js';
import type { DeliveryStore } from './store/deliveryStore.js';
import type { DeliverySource } from './context/context.js';
import { createFaults } from './context/faults.js';
import { createFlows } from './context/flows.js';
import { createNaming } from './context/naming.js';
import { Window } from './context/window.js';
import { startWorker } from './worker/worker.js';

/** The options of durable delivery: its source, its store, and its listeners. */
export interface DeliveriesOptions {
  /** The return value of `createActions`. */
  readonly actions: object;
  /** Where progress is kept: `sqliteDeliveryStore`, `eventDeliveryStore`, or another one. */
  readonly store: DeliveryStore;
  /** Where events are read. @defaultValue the event store of `actions` */
  readonly source?: DeliverySource;
  /** Prefixes of the names of the streams to read. @defaultValue all streams */
  readonly prefixes?: readonly string[];
  /**
   * Returns the caller that an event was appended for. When it throws or returns a promise, the event becomes a dead
   * letter without a target at once: its `targetID` is empty, and it counts for the default instance. Its stream goes
   * on, also when the order of a target is `strict`. A replay calls `caller` again.
   * @defaultValue the default instance of `actions`
   */
  readonly caller?: (event: RecordedEvent) => Caller;
  /** Receives a report of each delivery. An error that it throws is ignored. @defaultValue none */
  readonly onDelivery?: (report: DeliveryReport) => void;
}

/** A worker that delivers, in this process. */
export interface DeliveryWorker extends AsyncDisposable {
  /** The state of this worker. It never throws. */
  health(): DeliveriesHealth;
  /**
   * Resolves when every appended event is delivered, is a dead letter, or waits for a target that is down or paused.
   * @throws the reason of `signal`
   */
  whenIdle(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Starts no further call, waits up to `drainMs` for the calls under way, writes the progress and releases the
   * partitions. It never rejects.
   */
  stop(): Promise<void>;
}

/**
 * Durable delivery after the commit. Made by {@link createDeliveries}. Each function rejects with {@link ActionsClosedError}
 * once the actions are closed.
 */
export interface Deliveries extends Operators {
  /**
   * Starts delivering. Any number of processes may do so at once; they share the work.
   *
   * @throws {@link InvalidArgumentError} for an unknown or malformed option, and while a worker of this object runs
   */
  work(options?: WorkOptions): Promise<DeliveryWorker>;
  /** The committed state of all workers of the group. @throws {@link EventStoreUnavailableError} */
  status(): Promise<DeliveriesStatus>;
}

const storeMembers = [
  'partitions',
  'workers',
  'beat',
  'claim',
  'commit',
  'release',
  'deadLetters',
  'request',
] as const;

const optionNames: OptionNames<DeliveriesOptions> = {
  actions: true,
  store: true,
  source: true,
  prefixes: true,
  caller: true,
  onDelivery: true,
};

function takeOptions(given: DeliveriesOptions): DeliveriesOptions {
  const options = readOptions(given, optionNames, 'createDeliveries');
  const { store, source, caller, onDelivery } = options;
  requireFunctions(
    store,
    storeMembers,
    'store is a delivery store: sqliteDeliveryStore({ path }), eventDeliveryStore(eventStore, { group }) or another one',
  );
  if (source !== undefined)
    requireFunctions(
      source,
      ['subscribe', 'readStream'],
      'source has subscribe and readStream, as an event store',
    );
  requireFunction(caller, 'caller');
  requireFunction(onDelivery, 'onDelivery');
  const taken = { ...options, ...(source && { source: checkedStore(source) }) };
  if (options.prefixes === undefined) return taken;
  const prefixes = parseInput(
    z.array(z.string()).min(1, 'needs at least one prefix of a stream name'),
    options.prefixes,
    'prefixes',
  );
  return { ...taken, prefixes };
}

const countsRefreshMs = 2_000;

function startDelivering(access: ActionsAccess, given: DeliveriesOptions, parsed: ParsedWorkOptions) {
  const { store, source = access.store, prefixes, caller, onDelivery } = given;
  const partitions = new Map<number, Partition>();
  const faults = createFaults();
  let letters: ReadonlyMap<string, number> = new Map();
  let countedAt = -Infinity;

  /** Reads the counts from the store, at most every few seconds: `health()` itself does not wait for the store. */
  const refreshCounts = (): void => {
    if (access.clock.elapsed() - countedAt < countsRefreshMs) return;
    countedAt = access.clock.elapsed();
    store.deadLetterCounts().then(
      (counts) => (letters = counts),
      (error: unknown) => {
        faults.note('counting dead letters', error);
      },
    );
  };
  const health = (): DeliveriesHealth => {
    refreshCounts();
    return readDeliveriesHealth(worker, access, letters, faults);
  };
  const metrics = measureDeliveries(health);
  const worker = startWorker({
    prefixes,
    context: {
      access,
      options: parsed,
      source,
      isSameStore: source === access.store,
      store,
      workerID: access.generateID(),
      naming: createNaming(access, caller),
      partitions,
      flows: createFlows(access, parsed, partitions),
      mainWindow: new Window(parsed.window, parsed.windowBytes),
      tell(report, created) {
        const latencyMs = created === undefined ? undefined : access.clock.now() - created;
        metrics.count(report, report.outcome === 'delivered' ? latencyMs : undefined);
        if (report.outcome === 'parked' || report.outcome === 'discarded') countedAt = -Infinity;
        if (onDelivery)
          runReporting('onDelivery', () => {
            onDelivery(report);
          });
      },
      fault: faults.note,
      mended: faults.mended,
    },
  });
  return { worker, metrics, health, refreshCounts };
}

/**
 * Delivers what was appended to async targets with `delivery: 'durable'`: at least once, also after any crash, and in order for
 * each stream.
 *
 * @throws {@link InvalidArgumentError} for an unknown or malformed option
 */
export function createDeliveries(given: DeliveriesOptions): Deliveries {
  const options = takeOptions(given);
  const access = accessOf(options.actions);
  const { store, source = access.store } = options;
  let current: DeliveryWorker | undefined;
  let isStarting = false;

  const deliveries: Deliveries = {
    ...createOperators(access, store, source),
    status: () => readStatus(access, store),
    async work(asked = {}) {
      if (current || isStarting)
        throw new InvalidArgumentError(
          'a worker of this object runs already: stop it first, or make another object; nothing was started',
        );
      const parsed = parseWorkOptions(asked, store.timing, access.socketsPerHost);
      isStarting = true;
      try {
        await access.ready();
      } finally {
        isStarting = false;
      }
      const { worker, metrics, health, refreshCounts } = startDelivering(access, options, parsed);
      refreshCounts();
      let stopping: Promise<void> | undefined;
      const forget = access.beforeClose(() => started.stop());
      const started: DeliveryWorker = {
        health,
        async whenIdle(waiting) {
          const { signal = new AbortController().signal } = readOptions(waiting, signalOnly, 'whenIdle');
          requireSignal(signal);
          return worker.whenIdle(signal);
        },
        stop() {
          stopping ??= worker.stop().finally(() => {
            metrics.stop();
            forget();
            if (current === started) current = undefined;
          });
          return stopping;
        },
        [Symbol.asyncDispose]: () => started.stop(),
      };
      current = started;
      return started;
    },
  };
  return whileOpen(deliveries, access.isClosed);
}
