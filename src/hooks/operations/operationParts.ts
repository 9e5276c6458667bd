import type { Operation } from '../../firing/calls/operation.js';

/** The parts of an operation that live and rehearsed operations share; firing adds the caller and the place. */
export type OperationParts = Pick<
  Operation,
  'kind' | 'condition' | 'operationID' | 'content' | 'render' | 'acceptsNull' | 'merge' | 'objection'
>;
