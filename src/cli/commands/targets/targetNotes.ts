import type { EventStore, ExecutionView, Page } from '../../../index.js';
import type { CommandOutput } from '../../shell/commandOutput.js';
import type { TargetFlags } from './targetOptions.js';

/** Notes that deliveries begin after a position that the store does not have yet. */
export async function noteLatePlace(
  { deliverFrom = '' }: TargetFlags,
  store: EventStore,
  output: CommandOutput,
) {
  const head = /^\d+$/.test(deliverFrom) ? await store.head?.() : undefined;
  if (head !== undefined && BigInt(deliverFrom) > head)
    output.note(
      `No event has position ${deliverFrom} yet: the last one has ${head}. Until then nothing is delivered.`,
    );
}

/** The executions that skip a removed target from now on. */
export function stillNamed({ items, total }: Page<ExecutionView>): string {
  const ids = items.slice(0, mostShown).map(({ id }) => id);
  const more = total > ids.length ? ` and ${total - ids.length} more` : '';
  return `The target is still in the list of ${ids.join(', ')}${more}: "executions set" takes it out.`;
}

const mostShown = 10;
