import type { ConnectError, ConnectRouter, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import type { Message } from '@bufbuild/protobuf';
import type { Caller } from '../../index.js';
import type { Admit } from '../calls/access.js';
import type { Invoke } from '../calls/invoke.js';
import { rpcTable, versions, type RpcName, type Version } from '../wire/rpcTable.js';

export type AddRoutes = (router: ConnectRouter) => void;

/** The facts of a call that are known before Connect reads it. */
export interface Arrival {
  /** The caller, or the error of a call that is refused. */
  readonly admitted: { readonly caller: Caller } | { readonly refusal: ConnectError };
  /** Whether the bytes of the request are no message of its type. */
  readonly isMalformed: boolean;
}

interface Routing {
  readonly admit: Admit;
  readonly invoke: Invoke;
  /** `undefined` in a server of the host, which does not check calls beforehand. */
  readonly arrivalOf: (context: HandlerContext) => Arrival | undefined;
}

/** Adds both versions of the service to a router of Connect. */
export const routesOf =
  ({ admit, invoke, arrivalOf }: Routing): AddRoutes =>
  (router) => {
    for (const version of Object.keys(versions) as Version[]) {
      const service = versions[version];
      const handlers = service.methods.map(({ localName }) => {
        const rpc = localName as RpcName;
        const handle = async (message: Message, context: HandlerContext) => {
          const arrival = arrivalOf(context);
          const admitted = arrival?.admitted ?? {
            caller: await admit(context.requestHeader, rpcTable[rpc].permission),
          };
          if ('refusal' in admitted) throw admitted.refusal;
          const request = arrival?.isMalformed === true ? undefined : message;
          return invoke({ version, rpc, caller: admitted.caller, request });
        };
        return [localName, handle];
      });
      router.service(service, Object.fromEntries(handlers) as ServiceImpl<typeof service>);
    }
  };
