import { setTimeout as delay } from 'node:timers/promises';
import { refuseMalformed, type AppendAnswer, type AppendRequest } from './appendRequest.js';
import type { AppendFault } from './faults.js';
import type { Node } from './node.js';

/** The call of an append: its possible ends besides an answer. */
type AppendCall = {
  readonly peer: string;
  readonly answer: (answer: AppendAnswer) => void;
  /** Ends the call with status OK and without an answer. */
  readonly end: () => void;
};

const commit = (node: Node, { stream, expected, events, deadline }: AppendRequest): AppendAnswer =>
  Date.now() > deadline ? { kind: 'timeout' } : node.store.append(stream, expected, events);

const suffer = (node: Node, call: AppendCall, fault: AppendFault, answer: AppendAnswer): void => {
  switch (fault.then) {
    case 'silence':
      return;
    case 'reset':
      node.cut(call.peer);
      return;
    case 'end':
      call.end();
      return;
    case 'restart':
      node.restart();
      return;
    case 'late-answer':
      call.answer({ kind: 'timeout' });
      node.later(node.settings.secondAnswerAfter, () => {
        call.answer(answer);
      });
      return;
    default:
      call.answer({ kind: fault.then });
  }
};

const finish = (
  node: Node,
  request: AppendRequest,
  call: AppendCall,
  fault: AppendFault | undefined,
): AppendAnswer | undefined => {
  if (fault?.commit === false) {
    suffer(node, call, fault, { kind: 'timeout' });
    return undefined;
  }
  const answer = commit(node, request);
  if (!fault) return answer;
  suffer(node, call, fault, answer);
  return undefined;
};

const isKilled = (node: Node): boolean => node.signal.aborted;

const performSlowly = async (
  node: Node,
  request: AppendRequest,
  call: AppendCall,
  fault: AppendFault | undefined,
): Promise<void> => {
  await node.gates.commits.pass(request.stream);
  if (node.faults.appendDelay > 0) await delay(node.faults.appendDelay, undefined, { ref: false });
  if (isKilled(node)) return;
  if (node.isStopping()) {
    call.answer({ kind: 'not-ready' });
    return;
  }
  const answer = finish(node, request, call, fault);
  if (!answer) return;
  await node.gates.acknowledgements.pass(request.stream);
  if (!isKilled(node)) call.answer(answer);
};

const refuse = (node: Node, request: AppendRequest): AppendAnswer | undefined => {
  if (node.isStopping()) return { kind: 'not-ready' };
  if (node.faults.denied.appends) return { kind: 'access-denied' };
  return refuseMalformed(request, node.settings.maxAppendSize);
};

/** Checks, commits and answers one append, or applies a fault of the test. */
export const performAppend = (node: Node, request: AppendRequest, call: AppendCall): void => {
  const refusal = refuse(node, request);
  if (refusal) {
    call.answer(refusal);
    return;
  }
  const fault = node.faults.takeAppendFault();
  const { commits, acknowledgements } = node.gates;
  if (
    node.faults.appendDelay > 0 ||
    commits.isClosedFor(request.stream) ||
    acknowledgements.isClosedFor(request.stream)
  ) {
    void performSlowly(node, request, call, fault);
    return;
  }
  const answer = finish(node, request, call, fault);
  if (answer) call.answer(answer);
};
