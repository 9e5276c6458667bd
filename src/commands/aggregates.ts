import { execution, parseExecutionEvent } from '../execution/execution.js';
import { parseTargetEvent, target } from '../target/target.js';
import { parseTargetNameEvent, targetName } from '../target/targetName.js';

// Each aggregate with the reader of its stored events.
export const targetAggregate = { decider: target, parse: parseTargetEvent };
export const targetNameAggregate = { decider: targetName, parse: parseTargetNameEvent };
export const executionAggregate = { decider: execution, parse: parseExecutionEvent };
