import { Code, ConnectError } from '@connectrpc/connect';
import { isActionsError } from '../../errors.js';
import { publicMessage } from '../publicMessage.js';

/** The error that a call ends with. Connect handles any error that is not of this library. */
export const connectError = (error: unknown): unknown =>
  isActionsError(error)
    ? // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the codes of gRPC are those of Connect
      new ConnectError(publicMessage(error), error.grpcCode, undefined, undefined, error)
    : error;

/** A response without JSON is the server's fault; the request is fine. */
export const responseError = (error: unknown): unknown =>
  isActionsError(error, 'INVALID_ARGUMENT')
    ? new ConnectError('the response cannot be written as JSON', Code.Internal, undefined, undefined, error)
    : connectError(error);
