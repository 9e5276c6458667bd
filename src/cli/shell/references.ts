import { fromCommandLine, UsageError } from './failure.js';
import { shownValue } from '../../lib/reading/shownValue.js';
import type { Actions, Condition, EntryInput, Occurrence, TargetView } from '../../index.js';
import { longestName, longestTargetID } from '../../target/settings.js';

/** Parses an occurrence: `event/order.placed`, `request/pkg.Service/Method` or `function/name`. */
export function occurrenceOf(text: string): Occurrence {
  const slash = text.indexOf('/');
  const [kind, name] = slash === -1 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  if (kind === 'event' && name.endsWith('.*'))
    throw new UsageError(
      `${shownValue(text)} is a group of events, and no occurrence; write one of its events, such as event/order.placed`,
    );
  if (name !== '') {
    if (kind === 'event') return { event: name };
    if (kind === 'function') return { function: name };
    if (kind === 'request') return { request: `/${name.replace(/^\//, '')}` };
    if (kind === 'response') return { response: `/${name.replace(/^\//, '')}` };
  }
  throw new UsageError(
    `${shownValue(text)} is not an occurrence; ` +
      'write event/order.placed, request/pkg.Service/Method, response/pkg.Service/Method or function/name',
  );
}

/** Finds the target with this id, or else with this name, regardless of case. */
export async function findTarget(actions: Actions, reference: string): Promise<TargetView | undefined> {
  if (reference === '' || reference.length > longestName) return undefined;
  if (reference.length <= longestTargetID) {
    const byID = await actions.targets.list({ filter: { ids: [reference] } });
    if (byID.items[0]) return byID.items[0];
  }
  const byName = await actions.targets.list({ filter: { name: { equals: reference, ignoreCase: true } } });
  return byName.items[0];
}

/** The id of a target given by id or name. The library refuses an unknown text. */
export const targetID = async (actions: Actions, reference: string): Promise<string> =>
  (await findTarget(actions, reference))?.id ?? reference;

/** The condition of an execution id. Loads the library only here, so that help and completion are fast. */
export async function conditionNamed(id: string): Promise<Condition> {
  const { conditionOf } = await import('../../index.js');
  return fromCommandLine(() => conditionOf(id));
}

/** The mark of an include among ids and names of targets. */
export const includePrefix = 'include:';

/** Parses an entry of an execution's list: `include:<execution id>`, or a target. */
export async function entryOf(actions: Actions, text: string): Promise<EntryInput> {
  if (!text.startsWith(includePrefix)) return targetID(actions, text);
  return { include: await conditionNamed(text.slice(includePrefix.length)) };
}
