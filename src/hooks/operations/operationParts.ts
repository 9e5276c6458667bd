import type { Operation } from '../../firing/calls/operation.js';

/** What an operation consists of whether it is live or rehearsed; where and for whom it runs is added when it is fired. */
export type OperationParts = Omit<
  Operation,
  'instanceID' | 'match' | 'depth' | 'signal' | 'isRehearsal' | 'attempt' | 'post'
>;
