import { toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Notebook } from './compare.js';
import type { ConnectCase } from './connectCase.js';

const shownHeaders = (headers: Headers): unknown =>
  Object.fromEntries(Array.from(headers).filter(([name]) => name !== 'date'));

async function* sending(given: ConnectCase, notes: Notebook): AsyncIterable<object> {
  for (const [index, message] of (given.sends ?? [{}]).entries()) {
    if (given.isPaced) await notes.until(given.name, index);
    yield message;
  }
  // The client neither sends further messages nor ends its stream.
  if (given.halfCloses === false) await new Promise<never>(() => undefined);
}

export type Method = (request: unknown, options: object) => unknown;

const isDeadline = ({ code }: ConnectError): boolean => code === Code.DeadlineExceeded;

/** How long a call may take until the client gives it up. Milliseconds. */
const boundMs = 5_000;

/** Calls a handler and records the whole answer. */
export async function drive(
  method: Method,
  given: ConnectCase,
  { output, notes }: { readonly output: DescMessage; readonly notes: Notebook },
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const cancel = new AbortController();
  const giveUp = setTimeout(() => {
    seen.push('never ended');
    cancel.abort();
  }, boundMs);
  const note = (message: Message) =>
    seen.push(['message', Buffer.from(toBinary(output, message)).toString('hex')]);
  const options = {
    headers: { ...given.headers, 'x-case': encodeURIComponent(given.name) },
    signal: cancel.signal,
    ...(given.timeoutMs !== undefined && { timeoutMs: given.timeoutMs }),
    onHeader: (headers: Headers) => seen.push(['headers', shownHeaders(headers)]),
    onTrailer: (trailers: Headers) => seen.push(['trailers', shownHeaders(trailers)]),
  };
  const streams = given.method === 'collect' || given.method === 'talk';
  if (given.cancelOnNote !== undefined)
    void notes.until(given.name, given.cancelOnNote).then(() => {
      cancel.abort();
    });
  const isLeftOpen = given.halfCloses === false;
  let received = 0;
  try {
    const answer = method(streams ? sending(given, notes) : (given.sends?.[0] ?? {}), options);
    if (given.method === 'unary' || given.method === 'collect') note((await answer) as Message);
    else
      for await (const message of answer as AsyncIterable<Message>) {
        note(message);
        received++;
        if (received === given.cancelAfter) cancel.abort();
      }
  } catch (error) {
    const failure = ConnectError.from(error);
    // Either side may notice a deadline first, with its own message, before or after the received messages.
    if (isDeadline(failure)) seen.splice(0, seen.length, ['error', 'deadline']);
    else if (!isLeftOpen || failure.rawMessage !== 'Premature close')
      seen.push(['error', failure.code, failure.rawMessage, failure.details, shownHeaders(failure.metadata)]);
  } finally {
    clearTimeout(giveUp);
    cancel.abort();
  }
  // Where the client has not ended its messages, the reset of its stream may come before the trailers.
  return isLeftOpen ? seen.filter((what) => !Array.isArray(what) || what[0] !== 'trailers') : seen;
}
