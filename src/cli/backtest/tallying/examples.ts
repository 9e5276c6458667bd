import { shortened } from '../../../lib/shown/shortened.js';
import type { ChangedFields } from './changedFields.js';

/** An event as an example of a verdict. It holds neither the event's data nor data from a target. */
export interface Example {
  readonly stream: string;
  readonly version: string;
  readonly position: string;
  readonly type: string;
  readonly created: string;
  readonly target?: { readonly id: string; readonly name: string } | undefined;
  /** `false` where the target is only observed. */
  readonly enforced?: boolean | undefined;
  readonly status?: number | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly changed?: ChangedFields | undefined;
}

/** Keeps the first examples of each verdict in the order of the store, regardless of the order in which they arrive. */
interface Examples {
  add(position: bigint, example: () => Example): void;
  all(): readonly Example[];
}

const mostNames = 20;

/** Targets choose these names: their number and length are limited. */
export const shortNames = ({ added, changed, removed }: ChangedFields): ChangedFields => {
  const short = (names: readonly string[]) => names.slice(0, mostNames).map((name) => shortened(name, 60));
  return { added: short(added), changed: short(changed), removed: short(removed) };
};

export function createExamples(most: number): Examples {
  const kept: { readonly position: bigint; readonly example: Example }[] = [];
  return {
    add(position, example) {
      const last = kept.at(-1);
      const isFull = kept.length >= most;
      if (isFull && (last === undefined || position >= last.position)) return;
      const place = kept.findIndex((each) => each.position > position);
      kept.splice(place === -1 ? kept.length : place, 0, { position, example: example() });
      if (kept.length > most) kept.pop();
    },
    all: () => kept.map(({ example }) => example),
  };
}
