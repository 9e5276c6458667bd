import { Axios } from 'axios';
import type {
  AxiosAdapter,
  AxiosInstance,
  AxiosInterceptorManager,
  AxiosRequestConfig,
  AxiosResponse,
  InternalAxiosRequestConfig,
} from 'axios';

import { InvalidArgumentError } from '../../errors.js';
import { reading } from '../../lib/reading/reading.js';

type Visit = (handler: unknown) => void;
type Manager = AxiosInterceptorManager<InternalAxiosRequestConfig> & { forEach(visit: Visit): void };

/** @throws {@link InvalidArgumentError} for a value without interceptors */
export function assertAxios(instance: AxiosInstance): void {
  const hasForEach = (manager: unknown) =>
    typeof (manager as Partial<Manager> | undefined)?.forEach === 'function';
  const isAxios = reading('axios', () => {
    const { interceptors } = (instance as Partial<AxiosInstance> | null | undefined) ?? {};
    return hasForEach(interceptors?.request) && hasForEach(interceptors?.response);
  });
  if (!isAxios)
    throw new InvalidArgumentError(
      'axios is an instance made by axios.create(), or axios itself: this value has no interceptors; nothing was opened',
    );
}

/**
 * Sends one request through the interceptors and defaults of the user's instance, and in the end always through
 * `adapter`: an interceptor of ours, which always runs last, pins the request.
 */
export function requestThrough(
  instance: AxiosInstance,
  adapter: AxiosAdapter,
  config: AxiosRequestConfig,
): Promise<AxiosResponse> {
  const client = new Axios(instance.defaults as AxiosRequestConfig);
  const pinned = {
    // Not synchronous: after a synchronous interceptor that threw, axios would continue with its adapter and skip this
    // one.
    synchronous: false,
    runWhen: null,
    rejected: undefined,
    fulfilled: (left: InternalAxiosRequestConfig): object => ({
      ...left,
      adapter,
      method: 'post',
      transformRequest: [same],
      transformResponse: [same],
    }),
  };
  const users = instance.interceptors.request as Manager;
  client.interceptors = {
    request: {
      // Put ours first and last: a transitional option of axios decides in which order request interceptors run.
      forEach(visit: Visit) {
        visit(pinned);
        users.forEach(visit);
        visit(pinned);
      },
    } as unknown as typeof client.interceptors.request,
    response: instance.interceptors.response,
  };
  return client.request({
    ...config,
    adapter,
    method: 'post',
    transformRequest: [same],
    transformResponse: [same],
  });
}

const same = (data: unknown): unknown => data;
