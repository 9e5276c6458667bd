import { runReporting } from '../../lib/ignoredError.js';
import { soon } from '../../lib/clock.js';

/**
 * Starts all work of one turn of the event loop together, at the end of that turn. Requests written together leave
 * their sockets time to answer, and a socket released in that turn is found idle.
 */
export function createBatch(): (start: () => void) => void {
  let waiting: (() => void)[] = [];
  const flush = () => {
    const starts = waiting;
    waiting = [];
    for (const start of starts) runReporting('the start of a call', start);
  };
  return (start) => {
    if (waiting.push(start) === 1) soon('the start of calls', flush);
  };
}
