import { candidates, type OccurrenceKind } from '../../execution/condition.js';
import type { ExecutionView } from '../../index.js';

/** The kind of an execution's condition. */
export const kindOf = (id: string): OccurrenceKind => {
  const slash = id.indexOf('/');
  return (slash === -1 ? id : id.slice(0, slash)) as OccurrenceKind;
};

/** The ids of the conditions that match everything which this one matches, the most specific first. */
export function moreGeneral(id: string): readonly string[] {
  const slash = id.indexOf('/');
  if (slash === -1) return [];
  const [kind, name] = [kindOf(id), id.slice(slash + 1)];
  if (kind === 'function') return [];
  if (kind !== 'event' && !name.includes('/')) return [kind];
  return candidates(kind, kind === 'event' ? name : `/${name}`).filter((each) => each !== id);
}

const mostShown = 10;

/** An execution among the others: the most specific wins, so that it shadows those above it. */
export interface Placed {
  readonly view: ExecutionView;
  /** More general ones that it shadows, the most specific first. None while it calls nothing. */
  readonly shadows: readonly string[];
  /** Those that shadow it: their number, and the first few. */
  readonly shadowedBy: { count: number; readonly ids: string[] };
  /** The nearest more general one; absent at the top. */
  readonly parent: string | undefined;
  children: number;
}

/** By id. Linear in the number of executions. */
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
