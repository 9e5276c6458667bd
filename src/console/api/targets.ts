import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import type { TargetView } from '../../index.js';
import type { OptionNames } from '../../lib/reading/readOptions.js';
import type { Done, Listed } from '../wire/shared.js';
import type {
  AddedTarget,
  AddTarget,
  ChangeTarget,
  RotatedKey,
  Target,
  TargetSort,
} from '../wire/targets.js';
import type { ApiCall, Endpoint, Sources } from '../calls/apiCall.js';
import { checkChangedTarget, checkNewTarget } from './settingChecks.js';
import { pageParameters, takeBody, takeMembers, takeQuery, text } from './inputs.js';
import { isShown, shownEndpoint } from './shown/shownEndpoint.js';
import { shownValue } from '../../lib/reading/shownValue.js';

const settingNames = {
  name: true,
  type: true,
  endpoint: true,
  timeoutMs: true,
  interruptOnError: true,
  payloadType: true,
  delivery: true,
  enforcement: true,
  enforcePercent: true,
  order: true,
  deliverFrom: true,
  paused: true,
  headers: true,
} as const;
const addNames: OptionNames<AddTarget> = settingNames;
const changeNames: OptionNames<ChangeTarget> = { ...settingNames, revision: true };
const revision = z.string().min(1).max(39);

/** The settings of a target, without members that a stored event has besides. */
const settingsOf = (view: TargetView): Pick<TargetView, keyof typeof settingNames> =>
  Object.fromEntries(
    Object.keys(settingNames).map((name) => [name, view[name as keyof typeof settingNames]]),
  ) as unknown as Pick<TargetView, keyof typeof settingNames>;

function shownTarget(view: TargetView): Target {
  const { id, keys, created, changed, endpoint } = view;
  return {
    ...settingsOf(view),
    id,
    endpoint: shownEndpoint(endpoint),
    keys: keys.map(({ keyID, active, fingerprint, expiresAt }) => ({
      keyID,
      active,
      fingerprint,
      ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    })),
    created: created.toISOString(),
    changed: changed.toISOString(),
    revision: view.revision,
  };
}

/** Refuses a URL with a masked query: it would be stored with the mask. */
function refuseShown(endpoint: unknown): void {
  if (isShown(endpoint))
    throw new InvalidArgumentError(
      'the endpoint is shown without its query: leave it out, or write it whole; nothing was written',
    );
}

const idOf = ({ fields }: ApiCall): string => fields['id'] ?? '';

const listParameters = {
  ...pageParameters,
  search: text.optional(),
  type: z.enum(['webhook', 'requestResponse', 'async']).optional(),
  sort: z
    .enum(['name', '-name', 'created', '-created', 'changed', '-changed', 'type', '-type', 'id', '-id'])
    .default('name'),
};

export function targetEndpoints({ actions }: Pick<Sources, 'actions'>): readonly Endpoint[] {
  const { targets } = actions;
  const read = ['action.target.read'] as const;
  const write = ['action.target.write'] as const;

  async function list(call: ApiCall): Promise<Listed<Target>> {
    const { after, limit, search, type, sort } = takeQuery(call, listParameters);
    const by = (sort.startsWith('-') ? sort.slice(1) : sort) as TargetSort;
    const query = {
      sort: { by, direction: sort.startsWith('-') ? ('descending' as const) : ('ascending' as const) },
      offset: after,
      limit,
    };
    const ofType = type ? [{ type }] : [];
    const found = async (filter: Parameters<typeof targets.list>[0]) => targets.list({ ...query, ...filter });
    const byID =
      search !== undefined && search.length <= 200
        ? await found({ filter: [{ ids: [search] }, ...ofType] })
        : undefined;
    const page =
      byID !== undefined && byID.total > 0
        ? byID
        : await found({
            filter: [
              ...ofType,
              ...(search === undefined
                ? []
                : [{ name: { contains: search.slice(0, 1_000), ignoreCase: true } }]),
            ],
          });
    const next = after + page.items.length;
    return {
      items: page.items.map(shownTarget),
      ...(page.items.length > 0 && next < page.total && { next: String(next) }),
      total: page.total,
    };
  }

  const shown = async (id: string): Promise<Target> => shownTarget(await targets.get(id));

  return [
    { method: 'GET', path: 'targets', permissions: read, answer: list },
    { method: 'GET', path: 'targets/{id}', permissions: read, answer: async (call) => shown(idOf(call)) },
    {
      method: 'POST',
      path: 'targets',
      permissions: write,
      async answer(call): Promise<AddedTarget> {
        const input = takeMembers<AddTarget>(call, addNames);
        refuseShown(input.endpoint);
        checkNewTarget(input);
        const { id, signingKey } = await targets.add(input);
        return { id, signingKey };
      },
    },
    {
      method: 'POST',
      path: 'targets/{id}',
      permissions: write,
      async answer(call): Promise<Target> {
        const { revision: ifRevision, ...input } = takeMembers<ChangeTarget>(call, changeNames);
        takeRevision(ifRevision);
        refuseShown(input.endpoint);
        checkChangedTarget(idOf(call), input);
        await targets.change(idOf(call), input, { ifRevision });
        return shown(idOf(call));
      },
    },
    {
      method: 'POST',
      path: 'targets/{id}/pause',
      permissions: write,
      async answer(call): Promise<Target> {
        const { revision: ifRevision, paused } = takeBody(call, { revision, paused: z.boolean() });
        await targets.change(idOf(call), { paused }, { ifRevision });
        return shown(idOf(call));
      },
    },
    {
      method: 'POST',
      path: 'targets/{id}/rotate',
      permissions: write,
      async answer(call): Promise<RotatedKey> {
        const { revision: ifRevision, graceMs } = takeBody(call, {
          revision,
          graceMs: z.number().default(0),
        });
        const { signingKey } = await targets.rotateSigningKey(idOf(call), { graceMs, ifRevision });
        return { signingKey, target: await shown(idOf(call)) };
      },
    },
    {
      method: 'POST',
      path: 'targets/{id}/remove',
      permissions: ['action.target.delete'],
      async answer(call): Promise<Done> {
        const { revision: ifRevision } = takeBody(call, { revision });
        await targets.remove(idOf(call), { ifRevision });
        return { done: true };
      },
    },
  ];
}

/** Requires a revision: a change without one would also be made from a stale page. */
function takeRevision(given: unknown): void {
  if (!revision.safeParse(given).success)
    throw new InvalidArgumentError(
      `revision is the revision of the target that the page showed, not ${shownValue(given)}; nothing was written`,
    );
}
