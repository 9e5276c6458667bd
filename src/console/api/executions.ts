import { z } from 'zod';
import { ExecutionNotFoundError } from '../../errors.js';
import {
  conditionOf,
  executionID,
  type Actions,
  type CatalogueListing,
  type EntryInput,
  type ExecutionView,
} from '../../index.js';
import type { Done, Listed } from '../wire/shared.js';
import type { Catalogue, Entry, Execution, ShownEntry } from '../wire/executions.js';
import type { ApiCall, Endpoint, Sources } from '../calls/apiCall.js';
import { checkExecution } from './settingChecks.js';
import { forestOf, kindOf, type Placed } from './shown/forest.js';
import { kinds, listParameters, takeBody, takeQuery, text } from './inputs.js';
import { targetNames } from './shown/targetNames.js';

/** The most rows of one query. */
const mostRows = 10_000;
const mostNames = 1_000;

async function allExecutions({ executions }: Pick<Actions, 'executions'>): Promise<readonly ExecutionView[]> {
  const found: ExecutionView[] = [];
  for (;;) {
    const { total, items } = await executions.list({ offset: found.length, limit: mostRows });
    found.push(...items);
    if (items.length === 0 || found.length >= total) return found;
  }
}

const targetIDs = (rows: readonly Placed[]): readonly string[] =>
  rows.flatMap(({ view }) => view.targets.filter((entry) => typeof entry === 'string'));

const entry = z.union([
  z.strictObject({ target: z.string().min(1).max(200) }),
  z.strictObject({ include: text }),
]) satisfies z.ZodType<Entry>;
const entryOf = (given: Entry): EntryInput =>
  'target' in given ? given.target : { include: conditionOf(given.include) };

/** The first names of each kind: an answer is bounded. */
function shownCatalogue({ events, methods, services, functions }: CatalogueListing): Catalogue {
  const some = (names: readonly string[]) => names.slice(0, mostNames);
  return {
    events: some(events),
    methods: some(methods),
    services: some(services),
    functions: some(functions),
  };
}

export function executionEndpoints({ actions }: Pick<Sources, 'actions'>): readonly Endpoint[] {
  const { executions } = actions;
  const read = ['action.execution.read'] as const;
  const write = ['action.execution.write'] as const;
  const forest = async () => forestOf(await allExecutions(actions));

  async function shown(
    rows: readonly Placed[],
    known: ReadonlyMap<string, Placed>,
  ): Promise<readonly Execution[]> {
    const names = await targetNames(actions, targetIDs(rows));
    const entryShown = (given: EntryInput): ShownEntry => {
      if (typeof given !== 'string') {
        const include = executionID(given.include);
        return { include, missing: !known.has(include) };
      }
      const name = names.get(given);
      return { target: given, ...(name !== undefined && { name }), missing: name === undefined };
    };
    return rows.map(({ view, shadows, shadowedBy, children }) => ({
      id: view.id,
      kind: kindOf(view.id),
      entries: view.targets.map(entryShown),
      calls: view.calls.length,
      shadows,
      shadowedBy,
      children,
      created: view.created.toISOString(),
      changed: view.changed.toISOString(),
      revision: view.revision,
    }));
  }

  async function one(id: string): Promise<Execution> {
    // Read the event store: another process may have changed the execution.
    await executions.get(conditionOf(id));
    const known = await forest();
    const row = known.get(id);
    const [found] = row ? await shown([row], known) : [];
    if (!found) throw new ExecutionNotFoundError(id);
    return found;
  }

  async function page(
    known: ReadonlyMap<string, Placed>,
    wanted: (row: Placed) => boolean,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<Listed<Execution>> {
    // `list` returns executions sorted by id.
    const rows = [...known.values()].filter(wanted);
    const rest = after === undefined ? rows : rows.filter(({ view }) => view.id > after);
    const items = await shown(rest.slice(0, limit), known);
    const last = items.at(-1)?.id;
    return { items, ...(last !== undefined && rest.length > limit && { next: last }), total: rows.length };
  }

  async function list(call: ApiCall): Promise<Listed<Execution>> {
    const parameters = { ...listParameters, kind: z.enum(kinds).optional(), search: text.optional() };
    const { kind, search, ...place } = takeQuery(call, parameters);
    const part = search?.toLowerCase();
    const wanted = ({ view: { id } }: Placed) =>
      (kind === undefined || kindOf(id) === kind) && (part === undefined || id.toLowerCase().includes(part));
    return page(await forest(), wanted, place);
  }

  async function tree(call: ApiCall): Promise<Listed<Execution>> {
    const parameters = { ...listParameters, kind: z.enum(kinds).optional(), under: text.optional() };
    const { kind, under, ...place } = takeQuery(call, parameters);
    const wanted = ({ view: { id }, parent }: Placed) =>
      parent === under && (kind === undefined || kindOf(id) === kind);
    return page(await forest(), wanted, place);
  }

  return [
    { method: 'GET', path: 'executions', permissions: read, answer: list },
    { method: 'GET', path: 'executions/tree', permissions: read, answer: tree },
    {
      method: 'GET',
      path: 'executions/one',
      permissions: read,
      answer: async (call) => one(takeQuery(call, { id: text }).id),
    },
    {
      method: 'POST',
      path: 'executions',
      permissions: write,
      async answer(call): Promise<Execution> {
        const body = takeBody(call, {
          id: text,
          entries: z.array(entry).max(mostNames),
          revision: z.string().min(1).max(39).nullable(),
        });
        const condition = conditionOf(body.id);
        const entries = body.entries.map(entryOf);
        checkExecution(
          condition,
          entries.filter((each) => typeof each === 'string'),
        );
        await executions.set(condition, entries, { ifRevision: body.revision });
        return one(body.id);
      },
    },
    {
      method: 'POST',
      path: 'executions/remove',
      permissions: write,
      async answer(call): Promise<Done> {
        const { id, revision } = takeBody(call, { id: text, revision: z.string().min(1).max(39) });
        await executions.remove(conditionOf(id), { ifRevision: revision });
        return { done: true };
      },
    },
    {
      method: 'GET',
      path: 'catalogue',
      permissions: read,
      answer: (): Catalogue => shownCatalogue(actions.catalogue()),
    },
  ];
}
