import { createStore, useStore, type Store } from './store.js';

/** The route in the fragment of the URL: `#/targets/7?search=a`. */
interface Route {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** Uses a malformed fragment undecoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The URL of a page, without empty parameters. */
export function link(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.set(name, value);
  const text = given.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

const route: Store<Route> = createStore(parseRoute(location.hash));
addEventListener('hashchange', () => route.set(parseRoute(location.hash)));

export const useRoute = (): Route => useStore(route);

/** Goes to another page. The back button returns to this one. */
export function go(address: string): void {
  location.hash = address;
}

/**
 * Writes a filter into the URL without an entry in the history and without applying it, for the way back to a page that
 * the operator may be leaving. A new filter drops `after`. Does nothing when a link already leads elsewhere: the browser
 * has the new URL before the page hears of it.
 */
export function keep(changes: Readonly<Record<string, string | undefined>>): boolean {
  const { path, query } = route.get();
  if (link(parseRoute(location.hash).path) !== link(path)) return false;
  history.replaceState(null, '', link(path, { ...query, after: undefined, ...changes }));
  return true;
}

/** Writes the filter into the URL without an entry in the history, and applies it. */
export function filter(changes: Readonly<Record<string, string | undefined>>): void {
  if (keep(changes)) route.set(parseRoute(location.hash));
}
