import { Code } from '@connectrpc/connect';
import type { Caller } from '../../index.js';
import type { Permission } from '../wire/rpcTable.js';
import { asServiceError, serviceError } from '../wire/serviceError.js';

/** A caller and the caller's permissions. */
export interface Access {
  /** The permissions that the rpcs require, such as `action.target.read`; other texts are ignored. */
  readonly permissions: readonly string[];
  /** The instance of the caller's commands. @defaultValue the instance of the actions */
  readonly instanceID?: string;
  /** The organisation of the caller; absent where it is not known. */
  readonly orgID?: string;
  /** The user, kept in the metadata of the caller's commands. Absent where it is not known. */
  readonly userID?: string;
}

/**
 * Finds the caller of a call by its headers. `undefined` means that the call is not authenticated.
 *
 * An error that it throws ends the call as a failure, and is not shown to the caller.
 */
export type Authenticate = (headers: Headers) => Access | undefined | Promise<Access | undefined>;

/** Checks a call by its headers, before its body is read. @throws ConnectError `Unauthenticated`, `PermissionDenied` */
export type Admit = (headers: Headers, permission: Permission | undefined) => Promise<Caller>;

async function callerOf(
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
      `this call needs the permission ${permission}`,
    );
  const { instanceID, orgID, userID } = access;
  return {
    ...(instanceID !== undefined && { instanceID }),
    ...(orgID !== undefined && { orgID }),
    ...(userID !== undefined && { userID }),
  };
}

export const createAdmit =
  (authenticate: Authenticate): Admit =>
  async (headers, permission) => {
    try {
      return await callerOf(authenticate, headers, permission);
    } catch (error) {
      throw asServiceError(error);
    }
  };
