import type persistent from '@eventstore/db-client/generated/persistent_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { messages } from './protocol.js';
import { readFilter } from './eventFilter.js';
import { groupInfo } from './groupInfo.js';
import { readGroupSettings } from './groupSettings.js';
import { allGroupSource, streamGroupSource, type GroupSource } from './groupSource.js';
import type { Node } from './node.js';
import { PersistentGroup } from './persistentGroup.js';
import { streamName } from './recordedEvent.js';
import { refuseCall } from './refuseCall.js';
import { groupFailure, invalidArgument, type Failure } from './trailers.js';

/** UInt64's largest value is the client's way to say "end" to servers before 21.10. */
const end = '18446744073709551615';

/** Handles a call with one answer: a thrown or returned error becomes its status. */
const unary =
  <Request, Response>(node: Node, perform: (request: Request) => Response | Failure) =>
  (call: ServerUnaryCall<Request, Response>, respond: sendUnaryData<Response>): void => {
    const answer = refuseCall(node, 'persistent', call.metadata) ?? perform(call.request);
    if (answer instanceof Error) respond(answer);
    else respond(null, answer);
  };

type Addressed = {
  hasAll(): boolean;
  getStreamIdentifier(): shared.StreamIdentifier | undefined;
  getGroupName(): string;
};

const sourceName = (options: Addressed): string =>
  options.hasAll() ? '$all' : streamName(options.getStreamIdentifier());

const find = (node: Node, options: Addressed | undefined): PersistentGroup | Failure =>
  options ? node.groups.find(sourceName(options), options.getGroupName()) : invalidArgument('No options');

const newSource = (node: Node, options: persistent.CreateReq.Options): GroupSource => {
  const all = options.getAll();
  if (all) {
    const edge = all.hasEnd() ? 'end' : 0;
    const from = all.hasPosition() ? Number(all.getPosition()?.getCommitPosition()) : edge;
    const filter = all.getFilter();
    return allGroupSource(node.store, from, filter && readFilter(filter));
  }
  const revision = options.getSettings()?.getRevision() ?? '0';
  const from = revision === end ? 'end' : Number(revision);
  return streamGroupSource(node.store, sourceName(options), from);
};

const create = (node: Node, request: persistent.CreateReq): persistent.CreateResp | Failure => {
  const options = request.getOptions();
  const settings = options?.getSettings();
  if (!options || !settings) return invalidArgument('No settings');
  const name = options.getGroupName();
  if (node.groups.has(sourceName(options), name)) return groupFailure('exists', sourceName(options), name);
  node.groups.add(
    new PersistentGroup(node.store, name, newSource(node, options), readGroupSettings(settings)),
  );
  return new messages.persistent.CreateResp();
};

const update = (node: Node, request: persistent.UpdateReq): persistent.UpdateResp | Failure => {
  const group = find(node, request.getOptions());
  const settings = request.getOptions()?.getSettings();
  if (group instanceof Error) return group;
  if (settings) group.update(readGroupSettings(settings));
  return new messages.persistent.UpdateResp();
};

const remove = (node: Node, request: persistent.DeleteReq): persistent.DeleteResp | Failure => {
  const group = find(node, request.getOptions());
  if (group instanceof Error) return group;
  node.groups.delete(group);
  return new messages.persistent.DeleteResp();
};

const getInfo = (node: Node, request: persistent.GetInfoReq): persistent.GetInfoResp | Failure => {
  const group = find(node, request.getOptions());
  return group instanceof Error
    ? group
    : new messages.persistent.GetInfoResp().setSubscriptionInfo(groupInfo(group));
};

const replayParked = (
  node: Node,
  request: persistent.ReplayParkedReq,
): persistent.ReplayParkedResp | Failure => {
  const options = request.getOptions();
  const group = find(node, options);
  if (group instanceof Error) return group;
  group.replayParked(options?.hasStopAt() ? Number(options.getStopAt()) : undefined);
  return new messages.persistent.ReplayParkedResp();
};

const list = (node: Node, request: persistent.ListReq): persistent.ListResp | Failure => {
  const wanted = request.getOptions()?.getListForStream();
  const name = wanted?.hasAll() ? '$all' : streamName(wanted?.getStream());
  const groups = node.groups.all.filter(({ source }) => !wanted || source.name === name);
  if (wanted && groups.length === 0) return groupFailure('does-not-exist', name, '');
  return new messages.persistent.ListResp().setSubscriptionsList(groups.map(groupInfo));
};

/** The PersistentSubscriptions service, except for consuming. */
export const persistentManagement = (node: Node) => ({
  create: unary(node, (request: persistent.CreateReq) => create(node, request)),
  update: unary(node, (request: persistent.UpdateReq) => update(node, request)),
  delete: unary(node, (request: persistent.DeleteReq) => remove(node, request)),
  getInfo: unary(node, (request: persistent.GetInfoReq) => getInfo(node, request)),
  replayParked: unary(node, (request: persistent.ReplayParkedReq) => replayParked(node, request)),
  list: unary(node, (request: persistent.ListReq) => list(node, request)),
  restartSubsystem: unary(node, () => {
    for (const group of node.groups.all) group.drop();
    return new messages.shared.Empty();
  }),
});
