import type { ComponentChildren, VNode } from 'preact';
import type { Query } from '../state/query.js';
import { Button } from './button.js';
import { Problem } from './problem.js';

interface LoadedProps<Answer> {
  readonly query: Query<Answer>;
  readonly children: (answer: Answer) => ComponentChildren;
}

/** Shows loaded data, a loading text or the failure. Old data stay until new data arrive. */
export function Loaded<Answer>({ query, children }: LoadedProps<Answer>): VNode {
  const { data, failure, isLoading, reload } = query;
  return (
    <div class="loaded" aria-busy={isLoading}>
      {failure && (
        <>
          <Problem failure={failure} />
          {failure.kind !== 'missing' && (
            <Button onPress={reload} isBusy={isLoading}>
              Try again
            </Button>
          )}
        </>
      )}
      {data !== undefined && children(data)}
      {data === undefined && !failure && <p class="loading">Loading…</p>}
    </div>
  );
}
