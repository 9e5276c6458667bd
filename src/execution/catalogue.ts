import { z } from 'zod';
import { ConditionNotFoundError } from '../errors.js';
import { executionID } from './condition.js';
import { parseInput } from '../lib/input.js';

/**
 * The names that exist in the host. A condition on any other name is refused. Names of a kind whose list is absent are
 * not checked.
 */
export interface CatalogueOptions {
  /** Names of events, as `eventName` gives them. Absent: any. */
  readonly events?: readonly string[];
  /** `/<service>/<method>`; the service of each is known too. Absent: any. */
  readonly methods?: readonly string[];
  /** Services; a service of which `methods` names no method has any method. Absent: any. */
  readonly services?: readonly string[];
  /** Names of functions, added to the defined ones. Absent: any. */
  readonly functions?: readonly string[];
}

/** The result of {@link Actions.catalogue}: each list in alphabetical order. Plain JSON. */
export interface CatalogueListing {
  /** Names of events. */
  readonly events: readonly string[];
  /** Full names of methods, `/<service>/<method>`. */
  readonly methods: readonly string[];
  /** Names of services. */
  readonly services: readonly string[];
  /** Names of functions, the defined ones included. */
  readonly functions: readonly string[];
}

interface Catalogue {
  list(): CatalogueListing;
  /** @throws {@link ConditionNotFoundError} for the id of an execution whose condition can never be met */
  assertKnown(executionID: string): void;
}

const names = z.array(z.string()).optional();
const schema = z.strictObject({ events: names, methods: names, services: names, functions: names });

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();

/** The part of an execution id after its kind. */
const afterKind = (id: string): string => id.slice(id.indexOf('/') + 1);

/** Every group that an event belongs to: `a.b.c` to `a.b` and `a`. */
function* groupsOf(event: string): Iterable<string> {
  for (let dot = event.lastIndexOf('.'); dot > 0; dot = event.lastIndexOf('.', dot - 1))
    yield event.slice(0, dot);
}

/**
 * @param defined - names of the functions that have a definition
 * @throws {@link InvalidArgumentError} for a name that no condition can have
 */
export function createCatalogue(options: CatalogueOptions = {}, defined: readonly string[] = []): Catalogue {
  const given = parseInput(schema, options, 'the catalogue');
  const events = sorted((given.events ?? []).map((event) => afterKind(executionID({ event: { event } }))));
  const methods = sorted(
    (given.methods ?? []).map((method) => afterKind(executionID({ request: { method } }))),
  );
  const serviceOf = (method: string) => method.slice(0, method.indexOf('/'));
  const withMethods = new Set(methods.map(serviceOf));
  const services = sorted([
    ...(given.services ?? []).map((service) => afterKind(executionID({ request: { service } }))),
    ...withMethods,
  ]);
  const functions = sorted([
    ...(given.functions ?? []).map((name) => afterKind(executionID({ function: { name } }))),
    ...defined,
  ]);
  const known = {
    events: new Set(events),
    groups: new Set(events.flatMap((event) => [...groupsOf(event)])),
    methods: new Set(methods),
    services: new Set(services),
    functions: new Set(functions),
  };

  function isKnown(kind: string, name: string): boolean {
    if (kind === 'function') return given.functions === undefined || known.functions.has(name);
    if (kind === 'event') {
      if (given.events === undefined) return true;
      return name.endsWith('.*') ? known.groups.has(name.slice(0, -2)) : known.events.has(name);
    }
    if (given.methods === undefined && given.services === undefined) return true;
    if (!name.includes('/')) return known.services.has(name);
    const service = serviceOf(name);
    return known.methods.has(name) || (known.services.has(service) && !withMethods.has(service));
  }

  return {
    list: () => ({ events, methods: methods.map((method) => `/${method}`), services, functions }),
    assertKnown(id) {
      const slash = id.indexOf('/');
      if (slash === -1 || isKnown(id.slice(0, slash), id.slice(slash + 1))) return;
      throw new ConditionNotFoundError(
        `nothing can meet the condition ${id}: the catalogue does not know its name; use a name of actions.catalogue(), or register it ` +
          'with createActions({ catalogue })',
      );
    },
  };
}
