import type { Operation } from '../../firing/calls/operation.js';

/** The parts of an operation that live and rehearsed operations share; firing adds the caller and the place. */
export type OperationParts = Omit<
  Operation,
  'instanceID' | 'match' | 'depth' | 'signal' | 'isRehearsal' | 'attempt' | 'post'
>;
