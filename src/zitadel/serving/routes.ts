import type { ConnectRouter, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import type { Message } from '@bufbuild/protobuf';
import type { Invoke } from '../calls/invoke.js';
import { versions, type RpcName, type Version } from '../wire/rpcTable.js';

export type AddRoutes = (router: ConnectRouter) => void;

/** Adds both versions of the service to a router of Connect. */
export const routesOf =
  (invoke: Invoke, isMalformed: (context: HandlerContext) => boolean): AddRoutes =>
  (router) => {
    for (const version of Object.keys(versions) as Version[]) {
      const service = versions[version];
      const handlers = service.methods.map(({ localName }) => {
        const handle = (message: Message, context: HandlerContext) =>
          invoke({
            version,
            rpc: localName as RpcName,
            headers: context.requestHeader,
            request: isMalformed(context) ? undefined : message,
          });
        return [localName, handle];
      });
      router.service(service, Object.fromEntries(handlers) as ServiceImpl<typeof service>);
    }
  };
