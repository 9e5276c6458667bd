import { isHookedStream, type Actions, type EventStore, type RecordedEvent } from '../../index.js';
import { judgedEvent } from './tallying/judgedEvent.js';
import { createPlans } from './plans.js';
import { readEvents } from './recordedEvents.js';
import type { Ending } from './tallying/backtestReport.js';
import { isSelected, type Selection } from './selection.js';
import { createSilence } from './reporting/silence.js';
import type { Tally } from './tallying/tally.js';
import { createOrderedWork } from './orderedWork.js';
import { detailText } from '../../lib/detailText.js';

interface BacktestOptions {
  readonly actions: Pick<Actions, 'explain' | 'rehearse'>;
  readonly store: Pick<EventStore, 'subscribe' | 'firstVersion'>;
  readonly tally: Tally;
  readonly selection: Selection;
  /** The only target to call, for every chosen event. Without it the executions decide. */
  readonly target: { readonly id: string; readonly name: string } | undefined;
  /** Whether the calls are really made. */
  readonly send: boolean;
  /** Whether observed targets are judged as enforced. */
  readonly enforce: boolean;
  /** How many events are rehearsed at the same time. */
  readonly atOnce: number;
  /** After how many consecutive calls of one target without an answer the run stops; 0 is no limit. */
  readonly giveUpAfter: number;
  /** Position to read up to, inclusive. */
  readonly head: bigint | undefined;
  readonly signal: AbortSignal;
  readonly onRead: (position: bigint) => void;
  readonly onEvent: () => void;
}

/**
 * Rehearses each chosen event and counts the answers of its targets. Events of one stream are rehearsed one after another;
 * only the events under way are in memory. Never appends.
 *
 * @returns how the run ended; the tally holds the counts
 */
export async function backtest(options: BacktestOptions): Promise<Ending> {
  const { actions, store, tally, selection, target, send, enforce, signal, onRead, onEvent } = options;
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const planOf = createPlans(actions, target);
  const silence = createSilence(options.giveUpAfter);
  const work = createOrderedWork(options.atOnce);
  let ending: Ending = { kind: 'complete' };

  function end(reason: Ending): void {
    if (stopped.aborted) return;
    ending = reason;
    stop.abort();
  }

  async function ask(event: RecordedEvent): Promise<void> {
    const { id, stream, data, version, created } = event;
    const rehearsal = await actions.rehearse(
      { event: event.type },
      {
        content: data,
        stream,
        operationID: id,
        createdAt: created,
        ...(store.firstVersion !== undefined && { sequence: version }),
        ...(target && { targets: [target.id] }),
        enforce,
        send: true,
        signal: stopped,
      },
    );
    if (rehearsal.winner === null) {
      tally.notCalled(event);
      return;
    }
    const judged = judgedEvent(event, rehearsal);
    tally.judged(event, target ? { ...judged, executionID: undefined } : judged);
    for (const call of judged.calls) {
      const message = silence.heard(call);
      if (message !== undefined) end({ kind: 'gave-up', message });
    }
  }

  /** Never rejects. */
  async function askUnlessStopped(event: RecordedEvent): Promise<void> {
    try {
      stopped.throwIfAborted();
      await ask(event);
    } catch (error) {
      tally.cutOff();
      if (!stopped.aborted) end({ kind: 'failed', message: detailText(error) });
    }
  }

  async function consider(event: RecordedEvent): Promise<void> {
    tally.chosen(event);
    const plan = planOf(event.type);
    if (plan === 'no target') tally.notCalled(event);
    else if ('skipped' in plan) tally.skipped(event, plan.skipped);
    else if (send) await work.start(event.stream, () => askUnlessStopped(event));
    else tally.judged(event, plan);
  }

  const { prefixes, limit = Infinity } = selection;
  let chosen = 0;
  try {
    for await (const message of readEvents(store, { prefixes, head: options.head, signal: stopped })) {
      if ('checkpoint' in message) {
        onRead(message.checkpoint);
        continue;
      }
      onRead(message.position);
      if (!isHookedStream(message.stream)) continue;
      tally.read();
      onEvent();
      if (!isSelected(message, selection)) continue;
      chosen += 1;
      await consider(message);
      if (chosen >= limit || stopped.aborted) break;
    }
  } catch (error) {
    end({ kind: 'failed', message: detailText(error) });
  }
  await work.finished();
  return signal.aborted ? { kind: 'interrupted' } : ending;
}
