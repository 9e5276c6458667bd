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

/** The status that an error ends a call with. What is no error of this library is gRPC's to judge. */
export const callStatus = (error: unknown): CallStatus =>
  isActionsError(error) ? statusOf(error.grpcCode, publicMessage(error)) : (error as CallStatus);

/** As gRPC ends the call of a handler that throws. */
export const handlerFailed = (): CallStatus => statusOf(unknown, 'Unknown error');

/** A response that targets cannot be shown is at fault itself; the request is not. */
export const responseStatus = (error: unknown): CallStatus =>
  isActionsError(error, 'INVALID_ARGUMENT')
    ? statusOf(internal, 'the response cannot be written as JSON')
    : callStatus(error);
