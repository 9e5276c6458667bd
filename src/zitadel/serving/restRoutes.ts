import { rpcTable, versions, type RpcName, type Version } from '../wire/rpcTable.js';
import { createPathMatcher } from './pathMatcher.js';

interface Route {
  readonly version: Version;
  readonly rpc: RpcName;
}

/** The rpc of a REST request, and the fields that its path sets. */
export interface RestMatch extends Route {
  readonly fields: Readonly<Record<string, string>>;
}

const match = createPathMatcher<Route>({
  routes: (Object.keys(versions) as Version[]).flatMap((version) =>
    versions[version].methods.map(({ localName }) => ({ version, rpc: localName as RpcName })),
  ),
  pathOf: ({ version, rpc }) => `/${version}${rpcTable[rpc].path}`,
  hasMethod: ({ rpc }, method) => rpcTable[rpc].verbs.some((verb) => verb === method),
  takesEmptyFields: true,
});

/** `undefined` for an unknown path; `'method'` for a known path with another HTTP method. */
export function matchRest(method: string, path: string): RestMatch | 'method' | undefined {
  if (!path.startsWith('/v2/actions/') && !path.startsWith('/v2beta/actions/')) return undefined;
  const found = match(method, path);
  return typeof found === 'object' ? { ...found.route, fields: found.fields } : found;
}
