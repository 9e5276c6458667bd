/** The text in place of a query. */
const shownQuery = '?***';

/** A URL without user info, fragment and query: each may hold a secret. */
export function shownEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) return '***';
  const { protocol, host, pathname, search } = new URL(endpoint);
  return `${protocol}//${host}${pathname}${search === '' ? '' : shownQuery}`;
}

/** Whether the text is a URL as the console shows it, with a masked query. */
export const isShown = (endpoint: unknown): boolean =>
  typeof endpoint === 'string' && endpoint.endsWith(shownQuery);
