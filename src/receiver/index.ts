export { InvalidArgumentError, InvalidSignatureError, isActionsError } from '../errors.js';
export type { InvalidSignatureReason } from '../errors.js';
export type { JSONObject, JSONValue } from '../ports.js';
export type { DecryptionKeys } from './decoding/decryptionKeys.js';
export type { JwksSource } from './decoding/jwksLookup.js';
export type { RawBody } from './decoding/rawBody.js';
export type {
  Caller,
  EventPayload,
  FunctionPayload,
  ReceivedCall,
  ReceivedEvent,
  ReceivedFunction,
  ReceivedRequest,
  ReceivedResponse,
  RequestPayload,
  ResponsePayload,
} from './decoding/receivedCall.js';
export { createReceiver } from './receiver.js';
export type { IncomingCall, Receiver, ReceiverOptions } from './receiver.js';
export { allow, amend, refuse } from './reply.js';
export type { Reply } from './reply.js';
export type { RequestHeaders } from './verifying/requestHeaders.js';
export { memorySeenStore } from './seenStore.js';
export type { MemorySeenStoreOptions, SeenStore } from './seenStore.js';
