import { ActionService as ActionServiceV2 } from '../generated/action_v2_pb.js';
import { ActionService as ActionServiceV2Beta } from '../generated/action_v2beta_pb.js';

/** The two versions of the service: the same field numbers, and fewer rpcs and fields in `v2beta`. */
export const versions = { v2: ActionServiceV2, v2beta: ActionServiceV2Beta } as const;
export type Version = keyof typeof versions;

export type RpcName = keyof typeof ActionServiceV2.method;

/** The permissions of a caller. */
export const permissions = [
  'action.target.read',
  'action.target.write',
  'action.target.delete',
  'action.execution.read',
  'action.execution.write',
] as const;
export type Permission = (typeof permissions)[number];

/** One rpc: the permission that it requires, and its REST path below `/v2` and `/v2beta`. */
interface RpcDescription {
  /** Absent where every authenticated caller may call it. */
  readonly permission?: Permission;
  readonly verbs: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[];
  /** Segments in braces are fields of the request. */
  readonly path: string;
  /** Whether the body is the request. */
  readonly hasBody: boolean;
}

const targets = '/actions/targets';
const keys = `${targets}/{targetId}/publickeys`;
const key = `${keys}/{keyId}`;
const executions = '/actions/executions';

/** ZITADEL's documentation writes PUT where its server takes POST: both are accepted. */
const postOrPut = ['POST', 'PUT'] as const;

// prettier-ignore
export const rpcTable: Readonly<Record<RpcName, RpcDescription>> = {
  createTarget:           { permission: 'action.target.write',    verbs: ['POST'],   path: targets,                   hasBody: true },
  updateTarget:           { permission: 'action.target.write',    verbs: ['POST'],   path: `${targets}/{id}`,         hasBody: true },
  deleteTarget:           { permission: 'action.target.delete',   verbs: ['DELETE'], path: `${targets}/{id}`,         hasBody: false },
  getTarget:              { permission: 'action.target.read',     verbs: ['GET'],    path: `${targets}/{id}`,         hasBody: false },
  listTargets:            { permission: 'action.target.read',     verbs: ['POST'],   path: `${targets}/search`,       hasBody: true },
  addPublicKey:           { permission: 'action.target.write',    verbs: ['POST'],   path: keys,                      hasBody: true },
  activatePublicKey:      { permission: 'action.target.write',    verbs: postOrPut,  path: `${key}/activate`,         hasBody: false },
  deactivatePublicKey:    { permission: 'action.target.write',    verbs: postOrPut,  path: `${key}/deactivate`,       hasBody: false },
  removePublicKey:        { permission: 'action.target.write',    verbs: ['DELETE'], path: key,                       hasBody: false },
  listPublicKeys:         { permission: 'action.target.read',     verbs: ['POST'],   path: `${keys}/search`,          hasBody: true },
  setExecution:           { permission: 'action.execution.write', verbs: ['PUT'],    path: executions,                hasBody: true },
  listExecutions:         { permission: 'action.execution.read',  verbs: ['POST'],   path: `${executions}/search`,    hasBody: true },
  listExecutionFunctions: {                                       verbs: ['GET'],    path: `${executions}/functions`, hasBody: false },
  listExecutionMethods:   {                                       verbs: ['GET'],    path: `${executions}/methods`,   hasBody: false },
  listExecutionServices:  {                                       verbs: ['GET'],    path: `${executions}/services`,  hasBody: false },
};
