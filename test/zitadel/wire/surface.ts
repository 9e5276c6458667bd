import type { RpcName } from '../../../src/zitadel/wire/rpcTable.js';

/** The facts of ZITADEL's documentation about an rpc, independent of the code. */
interface DocumentedRpc {
  /** The verb and the path of REST, below the version. */
  readonly rest: readonly [verb: string, path: string];
  /** Absent: every token. */
  readonly permission?: string;
}

const read = 'action.target.read';
const write = 'action.target.write';
const targets = '/actions/targets';
const keys = `${targets}/{targetId}/publickeys`;
const executions = '/actions/executions';

export const surface: Readonly<Record<RpcName, DocumentedRpc>> = {
  createTarget: { rest: ['POST', targets], permission: write },
  updateTarget: { rest: ['POST', `${targets}/{id}`], permission: write },
  deleteTarget: { rest: ['DELETE', `${targets}/{id}`], permission: 'action.target.delete' },
  getTarget: { rest: ['GET', `${targets}/{id}`], permission: read },
  listTargets: { rest: ['POST', `${targets}/search`], permission: read },
  addPublicKey: { rest: ['POST', keys], permission: write },
  activatePublicKey: { rest: ['POST', `${keys}/{keyId}/activate`], permission: write },
  deactivatePublicKey: { rest: ['POST', `${keys}/{keyId}/deactivate`], permission: write },
  removePublicKey: { rest: ['DELETE', `${keys}/{keyId}`], permission: write },
  listPublicKeys: { rest: ['POST', `${keys}/search`], permission: read },
  setExecution: { rest: ['PUT', executions], permission: 'action.execution.write' },
  listExecutions: { rest: ['POST', `${executions}/search`], permission: 'action.execution.read' },
  listExecutionFunctions: { rest: ['GET', `${executions}/functions`] },
  listExecutionMethods: { rest: ['GET', `${executions}/methods`] },
  listExecutionServices: { rest: ['GET', `${executions}/services`] },
};
