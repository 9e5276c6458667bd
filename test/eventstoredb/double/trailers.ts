import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { expectedVersionNumber, type ExpectedRevision } from './expectedRevision.js';

/** The error of a call: code, text and the trailers from which the client reads its error. */
export type Failure = StatusObject & Error;

/** HTTP/2 trailers are ASCII; the server drops all other characters of a stream's name as well. */
const ascii = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?');

export const failure = (
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): Failure => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, ascii(value));
  return Object.assign(new Error(details), { code, details, metadata });
};

export type Endpoint = { readonly host: string; readonly port: number };

export const notLeader = (leader: Endpoint): Failure =>
  failure(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });

export const streamDeleted = (stream: string): Failure =>
  failure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (
  stream: string,
  expected: ExpectedRevision,
  current: number,
): Failure => {
  const version = String(expectedVersionNumber(expected));
  return failure(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${version}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': version,
      'actual-version': String(current),
    },
  );
};

export const accessDenied = (): Failure =>
  failure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const maximumAppendSizeExceeded = (size: number): Failure =>
  failure(status.INVALID_ARGUMENT, `Maximum Append Size of ${size} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(size),
  });

export const invalidArgument = (details: string): Failure => failure(status.INVALID_ARGUMENT, details);

export const unavailable = (): Failure => failure(status.UNAVAILABLE, 'Server Is Not Ready');

export const cancelled = (): Failure => failure(status.CANCELLED, 'Operation was cancelled by the server');

export const timedOut = (): Failure => failure(status.ABORTED, 'Request canceled by server');

export const groupFailure = (
  kind: 'does-not-exist' | 'exists' | 'dropped',
  stream: string,
  group: string,
): Failure => {
  const code = {
    'does-not-exist': status.NOT_FOUND,
    exists: status.ALREADY_EXISTS,
    dropped: status.CANCELLED,
  }[kind];
  return failure(code, `Subscription group ${group} on stream ${stream}: ${kind}.`, {
    exception: `persistent-subscription-${kind}`,
    'stream-name': stream,
    'group-name': group,
  });
};

export const maximumSubscribersReached = (stream: string, group: string): Failure =>
  failure(status.FAILED_PRECONDITION, `Maximum subscriptions reached for subscription group ${group}.`, {
    exception: 'maximum-subscribers-reached',
    'stream-name': stream,
    'group-name': group,
  });
