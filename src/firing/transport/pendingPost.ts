import { counted, timeLimit } from '../../lib/shown/figures.js';
import { AxiosHeaders } from 'axios';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

import { onAbort } from '../../lib/onAbort.js';
import { CallFailedError, isActionsError } from '../../errors.js';
import { parseEndpoint } from '../../network/endpoint.js';
import type { Clock, HttpAnswer } from '../../ports.js';
import type { Dispatch, Dispatcher } from './dispatcher.js';
import type { HttpCall } from '../calls/httpCall.js';
import { finalHeaders, finalURL } from './outgoingRequest.js';

type Reject = (reason: unknown) => void;

/** One POST from its first interceptor to its last byte, within one deadline. */
export class PendingPost {
  /** Rejects with a {@link CallFailedError}, or with the reason of the caller's signal. */
  readonly answer: Promise<HttpAnswer>;
  readonly #call: HttpCall;
  readonly #dispatcher: Dispatcher;
  readonly #hasInterceptors: boolean;
  #isOver = false;
  #resolve!: (answer: HttpAnswer) => void;
  #reject!: Reject;
  #cancelTimer: () => void = nothing;
  #stopListening: () => void = nothing;
  /** The requests under way: an interceptor may send again while the first runs, and the deadline ends both. */
  #giveUp: (() => boolean)[] = [];
  /** Rejects the promise that axios waits for. */
  #abandon: Reject | undefined;
  #wire: HttpAnswer | CallFailedError | undefined;

  constructor(call: HttpCall, dispatcher: Dispatcher, clock: Clock, hasInterceptors: boolean) {
    this.#call = call;
    this.#dispatcher = dispatcher;
    this.#hasInterceptors = hasInterceptors;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { signal, timeoutMs } = call;
    this.#stopListening = onAbort(signal, () => {
      this.#fail(signal?.reason);
    });
    if (this.#isOver) return;
    this.#cancelTimer = clock.after(timeoutMs, () => {
      this.#fail(undefined);
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The adapter that axios sends through. */
  readonly adapter: AxiosAdapter = (config) => {
    let answered!: (response: AxiosResponse) => void;
    let failed!: Reject;
    const response = new Promise<AxiosResponse>((resolve, reject) => {
      answered = resolve;
      failed = reject;
    });
    // An interceptor may continue after the deadline, or send again.
    if (this.#isOver) {
      failed(new CallFailedError('timeout', 'the call has ended'));
      return response;
    }
    this.#abandon = failed;
    try {
      const giveUp = this.#dispatcher.send(this.#dispatchOf(config), (outcome) => {
        this.#wire = outcome.kind === 'answered' ? outcome.answer : outcome.error;
        if (outcome.kind !== 'answered') failed(outcome.error);
        else if (this.#hasInterceptors) answered(responseOf(outcome.answer, config));
        // Taken from `#wire`: nothing reads the response.
        else answered(unread(config));
      });
      this.#giveUp.push(giveUp);
    } catch (error) {
      failed(error);
    }
    return response;
  };

  /** Takes the value that axios resolved with. */
  readonly answered = (response: unknown): void => {
    const wire = this.#wire;
    if (wire === undefined || wire instanceof CallFailedError) {
      this.#fail(wire ?? notSent(this.#hasInterceptors));
      return;
    }
    const answer = this.#hasInterceptors ? answerOf(response, wire) : wire;
    const { answerBytes } = this.#call;
    if (answer.body.byteLength > answerBytes)
      this.#fail(
        new CallFailedError(
          'answer-too-large',
          `an interceptor made an answer of more than ${counted(answerBytes, 'byte')}`,
        ),
      );
    else if (this.#end()) this.#resolve(answer);
  };

  /** Takes the value that axios rejected with. */
  readonly rejected = (error: unknown): void => {
    const wire = this.#wire;
    if (wire instanceof CallFailedError) this.#fail(wire);
    else if (isActionsError(error)) this.#fail(error);
    else
      this.#fail(
        wire === undefined
          ? notSent(this.#hasInterceptors)
          : new CallFailedError('network', 'an interceptor of the axios instance rejected the answer'),
      );
  };

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#cancelTimer();
    this.#stopListening();
    return true;
  }

  /** @param error - `undefined` where the time is up */
  #fail(error: unknown): void {
    if (!this.#end()) return;
    let isTried = false;
    for (const giveUp of this.#giveUp) isTried = giveUp() || isTried;
    const reason =
      error ??
      new CallFailedError('timeout', `the target did not answer within ${timeLimit(this.#call.timeoutMs)}`, {
        untried: !isTried,
      });
    this.#reject(reason);
    this.#abandon?.(reason);
  }

  #dispatchOf(config: InternalAxiosRequestConfig): Dispatch {
    const call = this.#call;
    const { endpoint, instanceID, answerBytes, assertMaySend, ignoresAnswer = false } = call;
    if (!this.#hasInterceptors) {
      const { body } = call;
      const headers = () => finalHeaders(call, body);
      return { endpoint, instanceID, body, answerBytes, ignoresAnswer, assertMaySend, headers };
    }
    const body: unknown = config.data;
    if (typeof body !== 'string')
      throw new CallFailedError(
        'network',
        'an interceptor of the axios instance left a body that is not a string',
      );
    const { headers } = config;
    const url = finalURL(config);
    return {
      endpoint: 'text' in endpoint && url === endpoint.text ? endpoint : parseEndpoint(url),
      instanceID,
      body,
      answerBytes,
      ignoresAnswer,
      assertMaySend,
      headers: () => finalHeaders(call, body, headers),
    };
  }
}

const nothing = () => undefined;

/** The answer that interceptors see: bytes, as with `responseType: 'arraybuffer'`. */
function responseOf(
  { status, contentType, body }: HttpAnswer,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  return {
    data: body,
    status,
    statusText: '',
    headers: contentType === '' ? {} : { 'content-type': contentType },
    config,
  };
}

/** The response that axios passes on where no interceptor sees it. */
const unread = (config: InternalAxiosRequestConfig): AxiosResponse => ({
  data: undefined,
  status: 0,
  statusText: '',
  headers: new AxiosHeaders(),
  config,
});

/** Status and content type stay those of the wire: no interceptor can turn a failure into a success. */
function answerOf(response: unknown, wire: HttpAnswer): HttpAnswer {
  const data: unknown =
    typeof response === 'object' && response !== null && 'data' in response ? response.data : undefined;
  if (typeof data === 'string') return { ...wire, body: Buffer.from(data) };
  return data instanceof Uint8Array ? { ...wire, body: data } : wire;
}

const notSent = (hasInterceptors: boolean) =>
  new CallFailedError(
    'network',
    hasInterceptors
      ? 'an interceptor of the axios instance rejected the call; nothing was sent'
      : 'the call could not be made; nothing was sent',
    { untried: true },
  );
