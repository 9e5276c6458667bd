import { Code } from '@connectrpc/connect';
import type { Caller } from '../../index.js';
import { serviceError } from '../wire/serviceError.js';
import type { Permission } from '../wire/rpcTable.js';

/** Who calls, and what he may do. */
export interface Access {
  /** Those of the rpcs that he may call, such as `action.target.read`; others may stand there too. */
  readonly permissions: readonly string[];
  /** Where his commands act. @defaultValue the instance of the actions */
  readonly instanceID?: string;
  /** The organisation of the caller; absent where it is not known. */
  readonly orgID?: string;
  /** Stands in the events that his commands append. Absent where it is not known. */
  readonly userID?: string;
}

/**
 * Says who calls, by the headers of the call. Nothing means that it is nobody who may call at all.
 *
 * What it throws ends the call as one that failed, and is not shown to the caller.
 */
export type Authenticate = (headers: Headers) => Access | undefined | Promise<Access | undefined>;

/** The caller of a call that is let in. @throws ConnectError `Unauthenticated`, `PermissionDenied` */
export async function admit(
  authenticate: Authenticate,
  headers: Headers,
  permission: Permission | undefined,
): Promise<Caller> {
  const access = await authenticate(headers);
  if (!access)
    throw serviceError(
      Code.Unauthenticated,
      'Errors.Token.Invalid',
      'AUTH-7fs1e',
      'the call names no valid token',
    );
  if (permission !== undefined && !access.permissions.includes(permission))
    throw serviceError(
      Code.PermissionDenied,
      'Errors.PermissionDenied',
      'AUTH-AWfge',
      `this needs the permission ${permission}`,
    );
  const { instanceID, orgID, userID } = access;
  return {
    ...(instanceID !== undefined && { instanceID }),
    ...(orgID !== undefined && { orgID }),
    ...(userID !== undefined && { userID }),
  };
}
