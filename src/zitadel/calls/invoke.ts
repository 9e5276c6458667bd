import { create, fromBinary, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import type { Actions, Caller } from '../../index.js';
import { checkFields } from '../wire/fieldRules.js';
import { versions, type RpcName, type Version } from '../wire/rpcTable.js';
import { executionRpcs } from '../rpcs/executions.js';
import { publicKeyRpcs } from '../rpcs/publicKeys.js';
import type { Rpcs } from '../rpcs/rpcs.js';
import { targetRpcs } from '../rpcs/targets.js';
import { asServiceError, malformedRequest } from '../wire/serviceError.js';

/** One call, over any protocol. */
interface Call {
  readonly version: Version;
  readonly rpc: RpcName;
  /** The caller, who has the permission that the rpc requires. */
  readonly caller: Caller;
  /** The request; `undefined` for bytes that are no message of its type. */
  readonly request: Message | undefined;
}

/** Answers a call. @throws ConnectError, and no other error */
export type Invoke = (call: Call) => Promise<Message>;

/** The two versions share field numbers, so that the bytes of one can be read as the other. */
const recast = (from: DescMessage, message: Message, to: DescMessage): Message =>
  from === to ? message : fromBinary(to, toBinary(from, message), { readUnknownFields: false });

export function createInvoke(actions: Actions): Invoke {
  const rpcs: Rpcs = { ...targetRpcs(actions), ...publicKeyRpcs(actions), ...executionRpcs(actions) };

  return async ({ version, rpc, caller, request }) => {
    try {
      if (!request) throw malformedRequest('the bytes of the request are no message of its type');
      const { input, output } = versions.v2.method[rpc];
      const described = methodOf(version, rpc);
      const received = recast(described.input, request, input);
      checkFields(input, received, version);
      const answer = await actions.runAs(caller, () => rpcs[rpc](received as never));
      return recast(output, create<DescMessage>(output, answer), described.output);
    } catch (error) {
      throw asServiceError(error);
    }
  };
}

/** The rpc of a version. */
export function methodOf(version: Version, rpc: RpcName) {
  const methods: Partial<Record<RpcName, { readonly input: DescMessage; readonly output: DescMessage }>> =
    versions[version].method;
  return methods[rpc] ?? versions.v2.method[rpc];
}
