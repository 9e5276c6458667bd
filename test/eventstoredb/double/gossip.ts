import type gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { messages } from './protocol.js';
import type { Member } from './cluster.js';
import type { Node } from './node.js';
import { uuid } from './recordedEvent.js';

const { VNodeState } = messages.gossip.MemberInfo;

const memberInfo = ({ id, host, port, isAlive, role }: Member): gossip.MemberInfo =>
  new messages.gossip.MemberInfo()
    .setInstanceId(uuid(id))
    .setTimeStamp(`${Date.now()}0000`)
    .setState(role === 'leader' ? VNodeState.LEADER : VNodeState.FOLLOWER)
    .setIsAlive(isAlive)
    .setHttpEndPoint(new messages.gossip.EndPoint().setAddress(host).setPort(port));

/** Gossip/Read: how a client with several nodes finds the leader or a follower. */
export const readGossip =
  (node: Node) =>
  (_call: ServerUnaryCall<unknown, gossip.ClusterInfo>, respond: sendUnaryData<gossip.ClusterInfo>): void => {
    const planned = node.faults.takeFailure('gossip');
    if (node.faults.silent.has('gossip')) return;
    if (planned) respond(planned);
    else
      respond(null, new messages.gossip.ClusterInfo().setMembersList(node.cluster.members.map(memberInfo)));
  };
