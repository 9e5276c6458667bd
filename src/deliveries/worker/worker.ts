import { reportRejection } from '../../lib/ignoredError.js';
import { pause } from '../../lib/clock.js';
import type { RecordedEvent } from '../../ports.js';
import { placeOf } from '../../routing/rows/place.js';
import { Partition } from '../progress/partition.js';
import type { PartitionState } from '../store/deliveryStore.js';
import { createCommitter } from './committer.js';
import type { WorkerContext } from '../context/context.js';
import { createDispatch } from '../reading/dispatch.js';
import { createLanes } from '../sending/lanes.js';
import { startMainReader, type MainReader } from '../reading/mainReader.js';
import { startOwnership, type Ownership } from './ownership.js';
import { createRequests } from './requests.js';
import { createScheduler, type Scheduler } from '../sending/scheduler.js';
import { startSideReaders } from '../reading/sideReaders.js';
import { firstPosition } from './firstPosition.js';

/** One worker at work. */
export interface RunningWorker {
  readonly context: WorkerContext;
  readonly scheduler: Scheduler;
  readonly reader: MainReader;
  readonly ownership: Ownership;
  /** Why a partition that it should have does not run, by its number. */
  readonly refused: ReadonlyMap<number, string>;
  /** Resolves when nothing is left to do. */
  whenIdle(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerParts {
  /** What the parts share; the callbacks are filled in here. */
  readonly context: Omit<WorkerContext, 'mayCall' | 'callSignal' | 'commitSoon' | 'readOn' | 'signal'>;
  readonly prefixes: readonly string[] | undefined;
}

/** How often what operators ask, and what the index says, is looked at. Milliseconds. */
const lookMs = 250;
const releaseAgainMs = 500;
/** How long the last commits may take when the worker stops. Milliseconds. */
const lastCommitMs = 5_000;

export function startWorker({ context: shared, prefixes }: WorkerParts): RunningWorker {
  const { access, options, partitions, flows, store, workerID, mainWindow } = shared;
  const { clock } = access;
  const gone = new AbortController();
  const refused = new Map<number, string>();
  const leaving = new Set<Promise<void>>();
  let isStopping = false;
  /** Partitions of which it is known what operators ask. */
  const looked = new WeakSet<Partition>();

  const context: WorkerContext = {
    ...shared,
    signal: gone.signal,
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
  const committer = createCommitter(context, { onLost: lose, onKept: pump });
  const sides = startSideReaders(context, dispatch, prefixes);
  const reader = startMainReader(context, { dispatch, prefixes, spill, onIndexChanged });
  const ownership = startOwnership(context, {
    onClaimed: claim,
    onUnassigned(partition) {
      reportRejection('the end of a partition', track(giveAway(partition)));
    },
    onLost: lose,
    onLapsed: () => {
      for (const partition of partitions.values()) partition.calls.abort();
    },
    async onRegained() {
      for (const partition of [...partitions.values()]) {
        // What was delivered before is written, if no other worker has come first.
        partition.isLeaving = true;
        await callsEnded(partition);
        await committer.now(partition);
        lose(partition);
      }
    },
  });

  function track(ending: Promise<void>): Promise<void> {
    leaving.add(ending);
    return ending.finally(() => leaving.delete(ending));
  }

  /** Until it is known that it was: the others would wait for this worker to be gone. */
  async function release(partition: number, epoch: bigint): Promise<void> {
    for (;;) {
      try {
        await store.release({ partition, workerID, epoch });
        return;
      } catch (error) {
        context.fault(`releasing partition ${partition}`, error);
        if (gone.signal.aborted) return;
        await pause(clock, releaseAgainMs, gone.signal);
      }
    }
  }

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

  /** Targets that hold more than their share of the window let go of what waits: it is read again at its turn. */
  function spill(): void {
    for (const flow of flows.all()) {
      const waiting = [...flow.ready].filter(({ queued }) => queued > 0);
      flow.isSpilling = waiting.length > options.window / 4;
      if (!flow.isSpilling) continue;
      for (const lane of waiting) {
        const partition = partitions.get(lane.partition);
        lane.release();
        partition?.touch(lane);
      }
    }
  }

  async function claim(number: number, epoch: bigint, state: PartitionState | undefined): Promise<void> {
    const head = await context.source.head?.();
    if (state && head !== undefined && state.position > head) {
      refused.set(
        number,
        `partition ${number} was read up to ${state.position}, but the events end at ${head}: was the store restored from a backup? Use resetTo`,
      );
      await release(number, epoch);
      return;
    }
    refused.delete(number);
    if (isStopping) {
      await release(number, epoch);
      return;
    }
    const position = state?.position ?? (await firstPosition(context));
    const partition = new Partition(number, epoch, state ?? { position, cursors: [], lanes: [] });
    lanes.adopt(partition);
    // Before a reader or a call can touch it.
    await requests.resume(partition);
    partitions.set(number, partition);
    flows.refresh();
    for (const { instanceID, targetID } of [...partition.lanes.values(), ...partition.cursors.values()])
      flows.of(instanceID, targetID);
    for (const flow of flows.all()) {
      flows.begin(flow, partition);
      flows.applyStopIn(flow, partition);
      for (const cursor of partition.cursors.values())
        if (cursor.stop === 'throttled' && (flow.lanes.get(number) ?? 0) < options.coldLanes / 2)
          cursor.stop = '';
    }
    // In the step that took it in: the reader must not pass it by.
    reader.include(partition.position);
    sides.check();
    pump();
    if (!state) await committer.now(partition);
  }

  /** Another worker has it: nothing of it is this worker's any more. */
  function lose(partition: Partition): void {
    if (partitions.get(partition.number) !== partition) return;
    partitions.delete(partition.number);
    partition.isLeaving = true;
    partition.calls.abort();
    lanes.abandon(partition);
  }

  async function callsEnded(partition: Partition): Promise<void> {
    while (partition.running > 0) await pause(clock, 5, new AbortController().signal);
  }

  /** Starts nothing, lets calls end, commits, releases: the next owner then repeats nothing. */
  async function giveAway(partition: Partition): Promise<void> {
    partition.isLeaving = true;
    const late = new AbortController();
    const cancel = clock.after(options.drainMs, () => {
      partition.calls.abort();
      late.abort();
    });
    await callsEnded(partition);
    cancel();
    const isKept = await committer.now(partition);
    if (isKept && partitions.get(partition.number) === partition) {
      // Until it is released nobody else writes it: what ended since the commit is written too.
      await committer.now(partition);
      lose(partition);
      await release(partition.number, partition.epoch);
    }
  }

  async function look(): Promise<void> {
    let generation = access.generation();
    while (!gone.signal.aborted) {
      if (generation !== access.generation()) {
        generation = access.generation();
        // Of another store no event of the log says that there is a new target.
        if (!context.isSameStore) flows.scan();
        onIndexChanged();
      }
      for (const flow of flows.all())
        if (flow.isSpilling && flow.ready.size < options.perTarget) flow.isSpilling = false;
      for (const partition of partitions.values())
        await requests
          .look(partition)
          .then(() => looked.add(partition))
          .catch((error: unknown) => {
            context.fault('reading what operators ask', error);
          });
      sides.check();
      await pause(clock, lookMs, gone.signal);
    }
  }
  const looking = look();

  function isIdle(): boolean {
    if (scheduler.running > 0 || ownership.rounds === 0) return false;
    if (partitions.size > 0 && !reader.hasCaughtUp) return false;
    for (const partition of partitions.values()) {
      if (partition.isDirty || !looked.has(partition)) return false;
      for (const lane of partition.lanes.values()) if (lane.phase !== 'blocked') return false;
      for (const cursor of partition.cursors.values())
        if (cursor.position !== undefined && cursor.stop === '') return false;
    }
    return true;
  }

  async function stop(): Promise<void> {
    isStopping = true;
    for (const partition of partitions.values()) partition.isLeaving = true;
    const cancel = clock.after(options.drainMs + lastCommitMs, () => {
      gone.abort();
    });
    await reader.stop();
    await sides.stop();
    await Promise.allSettled([...partitions.values()].map((partition) => giveAway(partition)));
    await Promise.allSettled(leaving);
    cancel();
    gone.abort();
    committer.stop();
    await looking;
    await ownership.stop();
    for (const partition of [...partitions.values()]) lose(partition);
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
    refused,
    async whenIdle(signal) {
      while (!signal.aborted && !isIdle()) await pause(clock, 50, signal);
    },
    stop,
  };
}
