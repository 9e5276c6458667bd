import { candidates, type OccurrenceKind } from '../../../execution/condition.js';
import type { ExecutionView } from '../../../index.js';

/** The kind of an execution's condition. */
export const kindOf = (id: string): OccurrenceKind => {
  const slash = id.indexOf('/');
  return (slash === -1 ? id : id.slice(0, slash)) as OccurrenceKind;
};

/** The ids of the conditions that match everything that this condition matches, the most specific first. */
export function moreGeneral(id: string): readonly string[] {
  const slash = id.indexOf('/');
  if (slash === -1) return [];
  const [kind, name] = [kindOf(id), id.slice(slash + 1)];
  if (kind === 'function') return [];
  if (kind !== 'event' && !name.includes('/')) return [kind];
  return candidates(kind, kind === 'event' ? name : `/${name}`).filter((each) => each !== id);
}

const mostShown = 10;

/** An execution in the tree of all executions. The most specific one applies, and shadows the executions above it. */
export interface Placed {
  readonly view: ExecutionView;
  /** The more general executions that this one shadows, the most specific first. Empty while it calls no target. */
  readonly shadows: readonly string[];
  /** The executions that shadow this one: their number, and the first few ids. */
  readonly shadowedBy: { count: number; readonly ids: string[] };
  /** The nearest more general execution; absent at the top. */
  readonly parent: string | undefined;
  children: number;
}

/** Places all executions, by id, in time linear in their number. */
export function forestOf(views: readonly ExecutionView[]): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>();
  const known = new Set(views.map(({ id }) => id));
  for (const view of views) {
    const above = moreGeneral(view.id).filter((id) => known.has(id));
    placed.set(view.id, {
      view,
      shadows: view.calls.length === 0 ? [] : above,
      shadowedBy: { count: 0, ids: [] },
      parent: above[0],
      children: 0,
    });
  }
  for (const { view, shadows, parent } of placed.values()) {
    const over = parent === undefined ? undefined : placed.get(parent);
    if (over) over.children += 1;
    for (const id of shadows) {
      const shadowed = placed.get(id)?.shadowedBy;
      if (!shadowed) continue;
      shadowed.count += 1;
      if (shadowed.ids.length < mostShown) shadowed.ids.push(view.id);
    }
  }
  return placed;
}
