import { expect } from 'chai';
import {
  createDeliveries,
  memoryDeliveryStore,
  type DeliveryStore,
  type DeliveryWorker,
  type PartitionState,
  type RecordedEvent,
  type WorkOptions,
} from '../../src/index.js';
import { partitionOf } from '../../src/deliveries/policy/partitionOf.js';
import { openActions, readAll } from '../support/openActions.js';
import { durable } from './openDeliveries.js';

/** The steps of a run, in order. */
export type Step =
  | {
      readonly kind: 'append';
      readonly stream: number;
      readonly failures: number;
      readonly isPoison: boolean;
    }
  /** The worker dies with the next commit, which is not kept, and another one starts. */
  | { readonly kind: 'crash' }
  | { readonly kind: 'pause' | 'resume' };

export interface FrontierRun {
  readonly steps: readonly Step[];
  readonly options: WorkOptions;
}

interface Payload {
  readonly place: number;
  readonly failures: number;
  readonly isPoison: boolean;
}

const streams = 5;

/** The answers of one target. */
class Answers {
  readonly taken = new Set<string>();
  readonly disordered: string[] = [];
  readonly #calls = new Map<string, number>();
  readonly isOrdered: boolean;

  constructor(isOrdered: boolean) {
    this.isOrdered = isOrdered;
  }

  answer(body: string, isParked: (stream: string, version: number) => boolean): number {
    const call = JSON.parse(body) as { stream: string; sequence: number; event_payload: Payload };
    const { stream, sequence, event_payload: payload } = call;
    const place = `${stream} ${sequence}`;
    const before = sequence - 1;
    if (this.isOrdered && before >= 0 && !this.taken.has(`${stream} ${before}`) && !isParked(stream, before))
      this.disordered.push(place);
    const calls = (this.#calls.get(place) ?? 0) + 1;
    this.#calls.set(place, calls);
    if (payload.isPoison) return 400;
    if (calls <= payload.failures) return 500;
    this.taken.add(place);
    return 200;
  }
}

/** Whether an event lies at or after the head of a lane that is written (the last part of invariant F). */
const waits = (state: PartitionState, targetID: string, { stream, version }: RecordedEvent): boolean =>
  state.lanes.some(
    (lane) =>
      lane.targetID === targetID &&
      lane.stream === stream &&
      (lane.unit === '' || lane.unit === String(version)) &&
      (lane.isDone ? version > lane.head : version >= lane.head),
  );

/**
 * Runs the steps and judges every commit that is kept: each event up to where a target has been read is taken, a
 * dead letter, or lies at or after the head of a lane. At the end nothing is missing, and nothing came out of
 * order.
 */
export async function runFrontier({ steps, options }: FrontierRun): Promise<void> {
  const inner = memoryDeliveryStore();
  const opened = await openActions();
  const { actions, store } = opened;
  const answers = new Map<string, Answers>();
  const letters = new Set<string>();
  const violations: string[] = [];
  for (const order of ['stream', 'none'] as const) {
    const answered = new Answers(order === 'stream');
    const { id } = await opened.add({
      ...durable,
      order,
      script: ({ body }) => ({
        status: answered.answer(body, (stream, version) => letters.has(`${id} ${stream} ${version}`)),
      }),
    });
    answers.set(id, answered);
  }
  await actions.executions.set({ event: { group: 'order' } }, [...answers.keys()]);

  async function judge(number: number): Promise<void> {
    const state = await inner.state(number);
    if (!state) return;
    for (const [targetID, { taken }] of answers) {
      const cursor = state.cursors.find((row) => row.targetID === targetID && row.replay === '');
      const readTo = cursor?.position ?? state.position;
      for (let each = 0; each < streams; each++) {
        if (partitionOf(`order-${each}`) !== number) continue;
        for (const event of await readAll(store, `order-${each}`)) {
          const place = `${event.stream} ${event.version}`;
          if (event.position > readTo || taken.has(place) || letters.has(`${targetID} ${place}`)) continue;
          if (!waits(state, targetID, event)) violations.push(`${targetID} ${place} is lost at ${readTo}`);
        }
      }
    }
  }

  interface Running {
    readonly worker: DeliveryWorker;
    /** Resolves once a commit was dropped. */
    die(): Promise<void>;
  }

  async function start(): Promise<Running> {
    let isDead = false;
    let died: () => void = () => undefined;
    const death = new Promise<void>((resolve) => (died = resolve));
    const mortal: DeliveryStore = {
      ...inner,
      async commit(commit) {
        if (isDead) {
          died();
          return false;
        }
        const isKept = await inner.commit(commit);
        for (const { targetID, stream, version } of commit.parked)
          letters.add(`${targetID} ${stream} ${version}`);
        await judge(commit.partition);
        return isKept;
      },
      claim: (claim) => (isDead ? Promise.resolve(undefined) : inner.claim(claim)),
    };
    const worker = await createDeliveries({ actions, store: mortal }).work(options);
    return {
      worker,
      async die() {
        isDead = true;
        await Promise.race([death, worker.stop()]);
        await worker.stop();
      },
    };
  }

  let running = await start();
  const [paused = ''] = answers.keys();
  for (const [place, step] of steps.entries()) {
    if (step.kind === 'append') {
      const { stream, failures, isPoison } = step;
      const data = { place, failures, isPoison };
      await store.append(`order-${stream}`, [{ type: 'order.placed', data }]);
      if (place % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    } else if (step.kind === 'crash') {
      await running.die();
      running = await start();
    } else await actions.targets.change(paused, { paused: step.kind === 'pause' });
  }
  await actions.targets.change(paused, { paused: false });
  await running.worker.whenIdle();
  await running.worker.stop();
  await actions.close();

  expect(violations).to.deep.equal([]);
  for (const [targetID, { taken, disordered }] of answers) {
    expect(disordered, 'called before the event ahead of it was through').to.deep.equal([]);
    for (let each = 0; each < streams; each++)
      for (const { stream, version, data } of await readAll(store, `order-${each}`)) {
        const place = `${stream} ${version}`;
        const { isPoison } = data as unknown as Payload;
        expect([place, taken.has(place), letters.has(`${targetID} ${place}`)]).to.deep.equal([
          place,
          !isPoison,
          isPoison,
        ]);
      }
  }
}
