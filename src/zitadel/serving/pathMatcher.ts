/** A route, and the fields that the path sets. */
export interface Matched<Route> {
  readonly route: Route;
  readonly fields: Readonly<Record<string, string>>;
}

interface MatcherOptions<Route> {
  readonly routes: readonly Route[];
  /** The path of a route. Segments in braces are fields. */
  readonly pathOf: (route: Route) => string;
  readonly hasMethod: (route: Route, method: string) => boolean;
  /** Whether an empty segment may stand for a field. */
  readonly takesEmptyFields: boolean;
}

const isField = (segment: string): boolean => segment.startsWith('{');

const fieldCount = ({ pattern }: { readonly pattern: readonly string[] }): number =>
  pattern.filter(isField).length;

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Finds the route of a path. Routes with fewer fields come first: `targets/search` is no target. */
export function createPathMatcher<Route>(options: MatcherOptions<Route>) {
  const { routes, pathOf, hasMethod, takesEmptyFields } = options;
  const ordered = routes
    .map((route) => ({ route, pattern: pathOf(route).split('/') }))
    .toSorted((left, right) => fieldCount(left) - fieldCount(right));

  function fieldsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
    if (pattern.length !== path.length) return undefined;
    const fields: Record<string, string> = {};
    for (const [place, segment] of pattern.entries()) {
      const given = path[place] ?? '';
      if (!isField(segment)) {
        if (segment !== given) return undefined;
        continue;
      }
      const value = decoded(given);
      if (value === undefined || (value === '' && !takesEmptyFields)) return undefined;
      fields[segment.slice(1, -1)] = value;
    }
    return fields;
  }

  /** `undefined` for an unknown path; `'method'` for a known path with another HTTP method. */
  return (method: string, path: string): Matched<Route> | 'method' | undefined => {
    const segments = path.split('/');
    let isKnown = false;
    for (const { route, pattern } of ordered) {
      const fields = fieldsOf(pattern, segments);
      if (!fields) continue;
      if (hasMethod(route, method)) return { route, fields };
      isKnown = true;
    }
    return isKnown ? 'method' : undefined;
  };
}
