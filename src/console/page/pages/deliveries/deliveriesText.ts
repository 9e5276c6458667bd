import { count } from '../../../../lib/shown/figures.js';
import type { Deliveries } from '../../../wire/deliveries.js';

type State = Pick<Deliveries, 'workers' | 'targets' | 'deadLetters' | 'healthy'>;

/** Whether no worker lives though a target needs one: nothing is delivered. */
export const lacksWorkers = ({ workers, targets }: State): boolean => workers === 0 && targets.length > 0;

export const workersText = ({ workers }: Pick<State, 'workers'>): string =>
  workers === 0 ? 'no worker lives' : workers === 1 ? '1 worker lives' : `${count(workers)} workers live`;

/** One sentence about the deliveries of an instance. */
export function deliveriesText(state: State): string {
  const { workers, deadLetters, healthy } = state;
  const letters = `${count(deadLetters)} dead ${deadLetters === 1 ? 'letter' : 'letters'}`;
  if (lacksWorkers(state)) return `No worker lives: nothing is delivered. ${letters}.`;
  if (workers === 0) return `No target has durable delivery, and no worker lives. ${letters}.`;
  return `${workersText(state)}, ${letters}${healthy ? '; all is well' : ''}.`;
}
