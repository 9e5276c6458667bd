import { Axios } from 'axios';
import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

import { systemClock } from '../../lib/clock.js';
import { onAbort } from '../../lib/onAbort.js';
import { CallFailedError, isActionsError } from '../../errors.js';
import type { Clock, HttpAnswer, HttpCall, HttpClient } from '../../ports.js';
import { createDispatcher } from './dispatcher.js';
import type { Dispatch, Dispatcher } from './dispatcher.js';
import type { NetworkPolicy } from '../../network/networkPolicy.js';
import { finalHeaders, finalURL } from './outgoingRequest.js';
import { parseProxy } from './proxy.js';
import type { ProxyOptions } from './proxy.js';
import { assertAxios, requestThrough } from './pinnedAxios.js';
import { secureContextOf } from './secureContext.js';
import type { TlsOptions } from './secureContext.js';

export type { ProxyOptions, TlsOptions };

export interface HttpClientOptions {
  readonly policy: NetworkPolicy;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /**
   * An axios instance whose interceptors run around each call. They may change `url`, `params`, `headers` and `data` (to
   * another string), and `data` of the answer (to other bytes or a string). The policy judges and the signatures cover what
   * they leave; nothing else of the configuration they leave is obeyed.
   *
   * @defaultValue none
   */
  readonly axios?: AxiosInstance;
  /** An HTTP proxy for all calls. @defaultValue none; proxy variables of the environment are ignored */
  readonly proxy?: ProxyOptions;
  /** Private authorities and a client certificate for https endpoints. @defaultValue the authorities that Node trusts */
  readonly tls?: TlsOptions;
  /** Connections to one host and port; further calls wait for one, within their deadline. @defaultValue 64 */
  readonly socketsPerHost?: number;
}

/**
 * The only way out to targets: POST over pooled sockets, to addresses that the policy has judged, within one wall-clock
 * deadline that covers interceptors, the wait for a socket, DNS, connect, TLS, headers and body. Redirects are not
 * followed, encoded bodies not decoded, no proxy variable of the environment is obeyed.
 *
 * `post` rejects with {@link CallFailedError}, whose message holds scheme, host and port of the endpoint and no more of it,
 * or with the reason of the caller's `signal`.
 *
 * @throws {@link InvalidArgumentError} when `axios` is no axios instance, `proxy` no HTTP proxy or `tls` holds no
 *   certificates
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { policy, axios, proxy, tls, socketsPerHost = 64, clock = systemClock() } = options;
  if (axios !== undefined) assertAxios(axios);
  const dispatcher = createDispatcher({
    policy,
    clock,
    secureContext: secureContextOf(tls),
    socketsPerHost,
    proxy: proxy === undefined ? undefined : parseProxy(proxy),
  });
  const plain = new Axios({});
  const send: SendThrough = (adapter, call) => {
    const config = { adapter, url: call.endpoint, method: 'post', data: call.body };
    return axios === undefined ? plain.request(config) : requestThrough(axios, adapter, config);
  };
  return {
    post: (call) => post(call, send, dispatcher, clock, axios !== undefined),
    close() {
      dispatcher.close();
    },
  };
}

type SendThrough = (adapter: AxiosAdapter, call: HttpCall) => Promise<AxiosResponse>;

function post(
  call: HttpCall,
  send: SendThrough,
  dispatcher: Dispatcher,
  clock: Clock,
  hasInterceptors: boolean,
): Promise<HttpAnswer> {
  const { signal, timeoutMs } = call;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    let isOver = false;
    let giveUp: (() => void) | undefined;
    /** Ends what waits for the adapter. */
    let abandon: ((error: unknown) => void) | undefined;
    let wire: HttpAnswer | CallFailedError | undefined;

    const end = (): boolean => {
      if (isOver) return false;
      isOver = true;
      cancelTimer();
      stopListening();
      return true;
    };
    const fail = (error: unknown) => {
      if (!end()) return;
      reject(error);
      giveUp?.();
      abandon?.(error);
    };
    const cancelTimer = clock.after(timeoutMs, () => {
      fail(new CallFailedError('timeout', `the target did not answer within ${timeoutMs} ms`));
    });
    const stopListening = onAbort(signal, () => {
      fail(signal?.reason);
    });

    const adapter: AxiosAdapter = (config) =>
      new Promise((answered, failed) => {
        // An interceptor may come back after the deadline, or send again.
        if (isOver) {
          failed(new CallFailedError('timeout', 'the call is over'));
          return;
        }
        abandon = failed;
        const dispatch = dispatchOf(call, config, hasInterceptors);
        const giveUpBefore = giveUp;
        const giveUpThis = dispatcher.send(dispatch, (outcome) => {
          wire = outcome.kind === 'answered' ? outcome.answer : outcome.error;
          if (outcome.kind === 'answered') answered(responseOf(outcome.answer, config));
          else failed(outcome.error);
        });
        // An interceptor may send again while the first is under way: the deadline ends both.
        giveUp =
          giveUpBefore === undefined
            ? giveUpThis
            : () => {
                giveUpBefore();
                giveUpThis();
              };
      });
    send(adapter, call).then(
      (response) => {
        if (wire === undefined || wire instanceof CallFailedError) fail(wire ?? notSent(hasInterceptors));
        else {
          const answer = hasInterceptors ? answerOf(response, wire) : wire;
          if (answer.body.byteLength > call.answerBytes)
            fail(
              new CallFailedError(
                'answer-too-large',
                `an interceptor made an answer of more than ${call.answerBytes} bytes`,
              ),
            );
          else if (end()) resolve(answer);
        }
      },
      (error: unknown) => {
        if (wire instanceof CallFailedError) fail(wire);
        else if (isActionsError(error)) fail(error);
        else
          fail(
            wire === undefined
              ? notSent(hasInterceptors)
              : new CallFailedError('network', 'an interceptor of the axios instance rejected the answer'),
          );
      },
    );
  });
}

function dispatchOf(call: HttpCall, config: InternalAxiosRequestConfig, hasInterceptors: boolean): Dispatch {
  const { instanceID, answerBytes } = call;
  if (!hasInterceptors)
    return {
      url: call.endpoint,
      instanceID,
      body: call.body,
      answerBytes,
      headers: () => finalHeaders(call, call.body),
    };
  const body: unknown = config.data;
  if (typeof body !== 'string')
    throw new CallFailedError(
      'network',
      'an interceptor of the axios instance left a body that is not a string',
    );
  const { headers } = config;
  return {
    url: finalURL(config),
    instanceID,
    body,
    answerBytes,
    headers: () => finalHeaders(call, body, headers),
  };
}

/** What interceptors of answers see: bytes, as with `responseType: 'arraybuffer'`. */
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

/** Status and content type stay those of the wire: no interceptor can make a failure look like a success. */
function answerOf(response: unknown, wire: HttpAnswer): HttpAnswer {
  const data: unknown =
    typeof response === 'object' && response !== null && 'data' in response ? response.data : undefined;
  if (typeof data === 'string') return { ...wire, body: Buffer.from(data) };
  return data instanceof Uint8Array ? { ...wire, body: data } : wire;
}

/** Without interceptors it was something of the caller's that threw, such as the policy of an instance. */
const notSent = (hasInterceptors: boolean) =>
  new CallFailedError(
    'network',
    hasInterceptors
      ? 'an interceptor of the axios instance rejected the call; nothing was sent'
      : 'the call could not be made; nothing was sent',
  );
