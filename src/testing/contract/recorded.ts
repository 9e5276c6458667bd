import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isActionsError } from '../../errors.js';
import type { EventData, ExpectedVersion, RecordedEvent } from '../../ports.js';
import {
  collect,
  isEvent,
  type Listener,
  requireEventsBeforeCheckpoints,
  type Rule,
  type Scene,
} from './harness.js';
import { type RecordedExpectation, recordedScenarios, type RecordedStep } from './recordedAnswers.js';

/** Runs every recorded scenario, one test each. */
export function recordedRules(rule: Rule): void {
  for (const { name, steps } of recordedScenarios)
    rule(`answers as EventStoreDB did: ${name}`, async (scene) => {
      const replay = new Replay(scene);
      for (const step of steps) assert.deepEqual(await replay.play(step), step.at(-1), JSON.stringify(step));
    });
}

class Replay {
  readonly #scene: Scene;
  readonly #positions = new Map<string, bigint>();
  readonly #listeners = new Map<string, { listener: Listener; heard: number }>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  async play(step: RecordedStep): Promise<unknown> {
    switch (step[0]) {
      case 'append':
        return this.#append(step[1], step[2], expectation(step[3]));
      case 'race':
        return this.#race(step[1], step[2], expectation(step[3]));
      case 'read': {
        const { from, ...options } = step[2];
        const events = await collect(
          this.#scene.store.readStream(this.#stream(step[1]), {
            ...options,
            ...(from !== undefined && { from: BigInt(from) }),
          }),
        );
        for (const event of events) this.#positions.set(event.type, event.position);
        return events.map((event) => this.#shown(event));
      }
      case 'subscribe':
        return this.#subscribe(step);
      case 'heard':
        return this.#heard(step[1], step[2].length);
    }
  }

  async #append(stream: string, ids: readonly string[], expectedVersion: ExpectedVersion): Promise<unknown> {
    const events = ids.map((id): EventData => ({ id: this.#uuid(id), type: id, data: {} }));
    try {
      const result = await this.#scene.store.append(this.#stream(stream), events, { expectedVersion });
      assert.equal(result.position === undefined, ids.length === 0, 'a position, save for an empty append');
      return Number(result.version);
    } catch (error) {
      if (!isActionsError(error, 'CONCURRENCY_CONFLICT')) throw error;
      assert.equal(error.stream, this.#stream(stream));
      assert.equal(error.expectedVersion, expectedVersion);
      return `conflict: ${String(error.actualVersion)}`;
    }
  }

  async #race(stream: string, writers: number, expectedVersion: ExpectedVersion): Promise<unknown> {
    const append = () =>
      this.#scene.store.append(this.#stream(stream), [{ type: 'R', data: {} }], { expectedVersion });
    const all = await Promise.allSettled(Array.from({ length: writers }, append));
    const refused = all.filter(
      (one) => one.status === 'rejected' && isActionsError(one.reason, 'CONCURRENCY_CONFLICT'),
    );
    return [all.filter(({ status }) => status === 'fulfilled').length, refused.length];
  }

  async #subscribe([, name, prefix, from, answer]: RecordedStep & readonly ['subscribe', ...unknown[]]) {
    // A store without `head` ends at the last read event.
    const end = (await this.#scene.store.head?.()) ?? [...this.#positions.values()].at(-1);
    const after = from === 'start' ? undefined : from === 'end' ? end : this.#positions.get(from.event);
    const listener = this.#scene.listen({
      prefixes: [this.#stream(prefix)],
      ...(after !== undefined && { after }),
    });
    this.#listeners.set(name, { listener, heard: answer.length - 1 });
    await listener.untilCaughtUp();
    return listener.messages.flatMap((message) =>
      isEvent(message) ? [this.#shown(message)] : 'caughtUp' in message ? ['caughtUp'] : [],
    );
  }

  async #heard(name: string, count: number): Promise<unknown> {
    const known = this.#listeners.get(name);
    assert.ok(known);
    const events = await known.listener.untilEvents(known.heard + count);
    requireEventsBeforeCheckpoints(known.listener.messages);
    return events.slice(known.heard).map((event) => this.#shown(event));
  }

  #stream(label: string): string {
    return `${this.#scene.prefix}${label}`;
  }

  #shown(event: RecordedEvent): string {
    return `${event.stream.slice(this.#scene.prefix.length)}@${event.version} ${event.type}`;
  }

  #uuid(label: string): string {
    const hash = createHash('sha256').update(`${this.#scene.prefix}${label}`).digest('hex');
    return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  }
}

function expectation(recorded: RecordedExpectation): ExpectedVersion {
  return typeof recorded === 'number' ? BigInt(recorded) : recorded;
}
