import { rpcTable, versions, type RpcName, type Version } from '../wire/rpcTable.js';

/** The rpc of a REST request, and the fields that its path sets. */
export interface RestMatch {
  readonly version: Version;
  readonly rpc: RpcName;
  readonly fields: Readonly<Record<string, string>>;
}

interface Route {
  readonly version: Version;
  readonly rpc: RpcName;
  readonly verbs: readonly string[];
  readonly segments: readonly string[];
}

const routes: readonly Route[] = (Object.keys(versions) as Version[]).flatMap((version) =>
  versions[version].methods.map(({ localName }): Route => {
    const rpc = localName as RpcName;
    const { verbs, path } = rpcTable[rpc];
    return { version, rpc, verbs, segments: `/${version}${path}`.split('/') };
  }),
);

const isField = (segment: string): boolean => segment.startsWith('{');

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function fieldsOf({ segments }: Route, path: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== path.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [place, segment] of segments.entries()) {
    const given = path[place] ?? '';
    if (!isField(segment)) {
      if (segment !== given) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined) return undefined;
    fields[segment.slice(1, -1)] = value;
  }
  return fields;
}

const fieldCount = ({ segments }: Route): number => segments.filter(isField).length;
/** Fewer fields first: `targets/search` is no target. */
const ordered = routes.toSorted((left, right) => fieldCount(left) - fieldCount(right));

/** `undefined` for an unknown path; `'method'` for a known path with another HTTP method. */
export function matchRest(method: string, path: string): RestMatch | 'method' | undefined {
  if (!path.startsWith('/v2/actions/') && !path.startsWith('/v2beta/actions/')) return undefined;
  const segments = path.split('/');
  let isKnown = false;
  for (const route of ordered) {
    const fields = fieldsOf(route, segments);
    if (!fields) continue;
    if (route.verbs.includes(method)) return { version: route.version, rpc: route.rpc, fields };
    isKnown = true;
  }
  return isKnown ? 'method' : undefined;
}
