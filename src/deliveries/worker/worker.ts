import type { RecordedEvent } from '../../ports.js';
import { placeOf } from '../../routing/rows/place.js';
import { createCommitter } from './committer.js';
import type { WorkerContext } from '../context/context.js';
import { createDispatch } from '../reading/dispatch.js';
import { createLanes } from '../sending/lanes.js';
import { startMainReader, type MainReader } from '../reading/mainReader.js';
import { createHoldings } from './holdings.js';
import { createWhenIdle } from './idleness.js';
import { startLooking } from './looking.js';
import { startOwnership, type Ownership } from './ownership.js';
import { createRequests } from './requests.js';
import { createScheduler, type Scheduler } from '../sending/scheduler.js';
import { createSpill } from '../sending/spill.js';
import { startSideReaders } from '../reading/sideReaders.js';

/** A running worker. */
export interface RunningWorker {
  readonly context: WorkerContext;
  readonly scheduler: Scheduler;
  readonly reader: MainReader;
  readonly ownership: Ownership;
  /** Why an assigned partition does not run, by its number. */
  readonly refused: ReadonlyMap<number, string>;
  /** Resolves when no work is left. */
  whenIdle(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

interface WorkerParts {
  /** The state that the parts share; the callbacks are filled in here. */
  readonly context: Omit<
    WorkerContext,
    'mayCall' | 'callSignal' | 'commitSoon' | 'readOn' | 'signal' | 'stopping'
  >;
  readonly prefixes: readonly string[] | undefined;
}

/** How long the last commits may take when the worker stops. Milliseconds. */
const lastCommitMs = 5_000;

export function startWorker({ context: shared, prefixes }: WorkerParts): RunningWorker {
  const { access, options, partitions, flows, store, workerID, mainWindow } = shared;
  const { clock } = access;
  const stopping = new AbortController();
  const gone = new AbortController();

  const context: WorkerContext = {
    ...shared,
    signal: gone.signal,
    stopping: stopping.signal,
    mayCall: (partition) => ownership.mayCall && partitions.get(partition.number) === partition,
    callSignal: (partition) => partition.calls.signal,
    commitSoon: (partition) => {
      committer.soon(partition);
    },
    readOn: () => {
      sides.check();
    },
  };
  const pump = () => {
    scheduler.pump();
  };
  flows.scan();
  const lanes = createLanes(context, pump);
  const scheduler = createScheduler(context, lanes);
  const dispatch = createDispatch(context, lanes, pump);
  const requests = createRequests(context, lanes, pump);
  const committer = createCommitter(context, {
    onLost: (partition) => {
      holdings.lose(partition);
    },
    onKept: pump,
  });
  const spill = createSpill(context);
  const sides = startSideReaders(context, { dispatch, prefixes, spill });
  const reader = startMainReader(context, { dispatch, prefixes, spill, onIndexChanged });
  const holdings = createHoldings(context, {
    lanes,
    requests,
    committer,
    onTaken(partition) {
      reader.include(partition.position);
      sides.check();
      pump();
    },
  });
  const ownership = startOwnership(context, holdings);
  const looking = startLooking(context, { requests, onIndexChanged, check: sides.check });

  function onIndexChanged(event?: RecordedEvent): void {
    const place = event && placeOf(event.stream);
    if (place?.kind === 'target') {
      const flow = flows.of(place.instanceID, place.id);
      for (const partition of partitions.values()) flows.begin(flow, partition);
      flows.applyStop(flow);
    } else if (!flows.refresh()) return;
    flows.refresh();
    sides.check();
    pump();
  }

  async function stop(): Promise<void> {
    holdings.takeNoMore();
    stopping.abort();
    const cancel = clock.after(options.drainMs + lastCommitMs, () => {
      gone.abort();
    });
    await reader.stop();
    await sides.stop();
    await holdings.giveAllAway();
    cancel();
    gone.abort();
    committer.stop();
    await looking.ended;
    await ownership.stop();
    for (const partition of [...partitions.values()]) holdings.lose(partition);
    for (const flow of flows.all()) flow.cancelTimer?.();
    mainWindow.wake();
    await store.leave(workerID).catch((error: unknown) => {
      context.fault('leaving', error);
    });
  }

  return {
    context,
    scheduler,
    reader,
    ownership,
    refused: holdings.refused,
    whenIdle: createWhenIdle(context, {
      refused: holdings.refused,
      reader,
      scheduler,
      committer,
      looking,
      ownership,
      prefixes,
    }),
    stop,
  };
}
