import type { ServiceError } from '@grpc/grpc-js';
import { isActionsError } from '../../errors.js';
import { publicMessage } from '../publicMessage.js';

/** Codes of the gRPC specification. */
const unknown = 2;
const internal = 13;

export type CallStatus = Partial<ServiceError>;

const statusOf = (code: number, details: string): CallStatus =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- gRPC's own numbers; its enum would load gRPC
  Object.assign(new Error(details), { code, details });

/** The status that an error ends a call with. gRPC handles any error that is not of this library. */
export const callStatus = (error: unknown): CallStatus =>
  isActionsError(error) ? statusOf(error.grpcCode, publicMessage(error)) : (error as CallStatus);

/** The status that gRPC gives the call of a handler that throws. */
export const handlerFailed = (): CallStatus => statusOf(unknown, 'Unknown error');

/** A response without JSON is the server's fault; the request is fine. */
export const responseStatus = (error: unknown): CallStatus =>
  isActionsError(error, 'INVALID_ARGUMENT')
    ? statusOf(internal, 'the response cannot be written as JSON')
    : callStatus(error);
