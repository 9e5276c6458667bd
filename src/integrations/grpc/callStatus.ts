import type { ServiceError } from '@grpc/grpc-js';
import { isActionsError } from '../../errors.js';
import { unwritableResponse } from '../messageCall.js';
import { publicMessage } from '../publicMessage.js';

/** The codes of the gRPC specification. */
const unknown = 2;
const internal = 13;

export type CallStatus = Partial<ServiceError>;

const statusOf = (code: number, details: string): CallStatus =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- gRPC's own numbers; its enum would load gRPC
  Object.assign(new Error(details), { code, details });

/** Turns an error of this library into the status that ends a call. gRPC handles all other errors. */
export const callStatus = (error: unknown): CallStatus =>
  isActionsError(error) ? statusOf(error.grpcCode, publicMessage(error)) : (error as CallStatus);

/** The status of a call whose handler throws, as gRPC sets it. */
export const handlerFailed = (): CallStatus => statusOf(unknown, 'Unknown error');

/** The status for a response that has no JSON: the fault is the server's, not the caller's. */
export const responseStatus = (error: unknown): CallStatus =>
  isActionsError(error, 'INVALID_ARGUMENT') ? statusOf(internal, unwritableResponse) : callStatus(error);
