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

/** Writes the filter into the URL without an entry in the history. A new filter drops `after`. */
export function filter(changes: Readonly<Record<string, string | undefined>>): void {
  const { path, query } = route.get();
  history.replaceState(null, '', link(path, { ...query, after: undefined, ...changes }));
  route.set(parseRoute(location.hash));
}
