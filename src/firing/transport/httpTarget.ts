import { Axios } from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';

import { systemClock } from '../../lib/clock.js';
import type { Clock } from '../../ports.js';
import type { HttpCall, HttpClient } from '../calls/httpCall.js';
import { createDispatcher } from './dispatcher.js';
import type { NetworkPolicy } from '../../network/networkPolicy.js';
import { PendingPost } from './pendingPost.js';
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
   * An axios instance whose interceptors run around each call. They may change `url`, `params`, `headers` and `data`
   * (to another string), and `data` of the answer (to other bytes or a string). The policy judges and the signatures
   * cover the result; all other configuration is ignored.
   *
   * @defaultValue none
   */
  readonly axios?: AxiosInstance;
  /** An HTTP proxy for all calls. @defaultValue none; proxy variables of the environment are ignored */
  readonly proxy?: ProxyOptions;
  /** Private authorities and a client certificate for https endpoints. @defaultValue the authorities that Node trusts */
  readonly tls?: TlsOptions;
  /** Idle connections that are kept to one host and port. The caller bounds the calls under way. @defaultValue 64 */
  readonly socketsPerHost?: number;
}

/**
 * The only transport to targets: POST over pooled sockets, to addresses that the policy has judged, within one
 * wall-clock deadline that covers interceptors, DNS, connect, TLS, headers and body. It does not follow redirects,
 * decode bodies, or obey proxy variables of the environment.
 *
 * `post` rejects with {@link CallFailedError}, whose message holds only scheme, host and port of the endpoint, or with
 * the reason of the caller's `signal`.
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
  return {
    post(call) {
      const pending = new PendingPost(call, dispatcher, clock, axios !== undefined);
      if (pending.isOver) return pending.answer;
      const { adapter } = pending;
      // Without interceptors nothing reads the configuration: axios copies and checks each member several times.
      const sent =
        axios === undefined ? plain.request({ adapter }) : requestThrough(axios, adapter, configOf(call));
      sent.then(pending.answered, pending.rejected);
      return pending.answer;
    },
    close() {
      dispatcher.close();
    },
  };
}

/** The request that interceptors see. Its URL is only for them: the parsed endpoint is dialled where they keep it. */
const configOf = ({ endpoint, body }: HttpCall): AxiosRequestConfig => ({
  url: 'text' in endpoint ? endpoint.text : '',
  method: 'post',
  data: body,
});
