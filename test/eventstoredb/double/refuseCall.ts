import type { Metadata } from '@grpc/grpc-js';
import type { CallKind } from './faults.js';
import type { Node } from './node.js';
import { notLeader, type Failure } from './trailers.js';

const writes: ReadonlySet<CallKind> = new Set<CallKind>(['batch', 'append']);

/**
 * Why a call of this kind is refused at once: a planned failure, or a call that requires the leader on another
 * node.
 */
export const refuseCall = (node: Node, kind: CallKind, metadata: Metadata): Failure | undefined => {
  const planned = node.faults.takeFailure(kind);
  if (planned) return planned;
  // Only the leader serves competing consumers.
  const wantsLeader = kind === 'persistent' || metadata.get('requires-leader')[0] === 'true';
  const { notLeader: switched } = node.faults;
  if (switched && (wantsLeader || (switched.always === true && writes.has(kind)))) return notLeader(switched);
  const { leader } = node.cluster;
  return wantsLeader && leader && leader !== node.member ? notLeader(leader) : undefined;
};
