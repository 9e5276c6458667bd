import type { Endpoint } from '../calls/endpoint.js';

/** An endpoint, and the fields that the path sets. */
export interface Found {
  readonly endpoint: Endpoint;
  readonly fields: Readonly<Record<string, string>>;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function fieldsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [place, segment] of pattern.entries()) {
    const given = path[place] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== given) return undefined;
      continue;
    }
    const value = decoded(given);
    if (value === undefined || value === '') return undefined;
    fields[segment.slice(1, -1)] = value;
  }
  return fields;
}

/** Finds endpoints: those whose paths have fewer fields first. */
export function createRouter(endpoints: readonly Endpoint[]) {
  const routes = endpoints
    .map((endpoint) => ({ endpoint, pattern: endpoint.path.split('/') }))
    .toSorted((left, right) => fieldCount(left.pattern) - fieldCount(right.pattern));

  /** `'method'` for a path that has another method; `undefined` for one that is not known. */
  return (method: string, path: string): Found | 'method' | undefined => {
    const segments = path.split('/');
    let isKnown = false;
    for (const { endpoint, pattern } of routes) {
      const fields = fieldsOf(pattern, segments);
      if (!fields) continue;
      if (endpoint.method === method) return { endpoint, fields };
      isKnown = true;
    }
    return isKnown ? 'method' : undefined;
  };
}

const fieldCount = (pattern: readonly string[]): number =>
  pattern.filter((segment) => segment.startsWith('{')).length;
