import { Code, ConnectError } from '@connectrpc/connect';
import { isActionsError } from '../../errors.js';
import { unwritableResponse } from '../messageCall.js';
import { publicMessage } from '../publicMessage.js';

/** Turns an error of this library into the error that ends a call. Connect handles all other errors. */
export const connectError = (error: unknown): unknown =>
  isActionsError(error)
    ? // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the codes of gRPC are those of Connect
      new ConnectError(publicMessage(error), error.grpcCode, undefined, undefined, error)
    : error;

/** The error for a response that has no JSON: the fault is the server's, not the caller's. */
export const responseError = (error: unknown): unknown =>
  isActionsError(error, 'INVALID_ARGUMENT')
    ? new ConnectError(unwritableResponse, Code.Internal, undefined, undefined, error)
    : connectError(error);
