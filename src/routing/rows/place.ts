import { executionStreamPrefix } from '../../execution/execution.js';
import { targetStreamPrefix } from '../../target/target.js';

/** An aggregate's place in the index, from its stream `<prefix><instanceID>.<id>`: instance ids have no dot. */
export interface Place {
  /** The aggregate of the row. */
  readonly kind: 'target' | 'execution';
  /** Its instance. */
  readonly instanceID: string;
  /** Its id. */
  readonly id: string;
}

/** `undefined` for a stream that is neither a target's nor an execution's. */
export function placeOf(stream: string): Place | undefined {
  const isTarget = stream.startsWith(targetStreamPrefix);
  if (!isTarget && !stream.startsWith(executionStreamPrefix)) return undefined;
  const start = isTarget ? targetStreamPrefix.length : executionStreamPrefix.length;
  const dot = stream.indexOf('.', start);
  if (dot === -1) return undefined;
  const [instanceID, id] = [stream.slice(start, dot), stream.slice(dot + 1)];
  return { kind: isTarget ? 'target' : 'execution', instanceID, id };
}
