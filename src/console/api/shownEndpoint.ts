/** Stands for a query. */
const shownQuery = '?***';

/** An address without user info, fragment and query: each may hold a secret. */
export function shownEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) return '***';
  const { protocol, host, pathname, search } = new URL(endpoint);
  return `${protocol}//${host}${pathname}${search === '' ? '' : shownQuery}`;
}

/** Whether it is an address as it is shown, and not as it was typed. */
export const isShown = (endpoint: unknown): boolean =>
  typeof endpoint === 'string' && endpoint.endsWith(shownQuery);
