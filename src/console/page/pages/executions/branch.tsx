import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Execution } from '../../../wire/executions.js';
import type { Listed } from '../../../wire/shared.js';
import { count } from '../../../../lib/shown/figures.js';
import { apiPath } from '../../api/apiPath.js';
import { Button } from '../../parts/button.js';
import { Loaded } from '../../parts/loaded.js';
import { shown } from '../../parts/text.js';
import { useQuery } from '../../state/query.js';
import { link } from '../../state/route.js';

const pageSize = 50;

interface BranchProps {
  readonly kind: string;
  /** The execution above; absent at the top. */
  readonly under?: string;
}

interface BranchPageProps extends BranchProps {
  readonly after: string;
  readonly onMore: ((next: string) => void) | undefined;
}

/** The number of calls of an execution, in words. */
const calls = (amount: number): string =>
  amount === 0 ? 'calls no target' : `${count(amount)} ${amount === 1 ? 'call' : 'calls'}`;

function Node({ execution, kind }: { readonly execution: Execution; readonly kind: string }): VNode {
  const [isOpen, setOpen] = useState(false);
  const { id, children, shadows, shadowedBy } = execution;
  const [above] = shadows;
  return (
    <li>
      <div class="node">
        {children > 0 ? (
          <button
            type="button"
            class="twist"
            aria-expanded={isOpen}
            aria-label={`More specific than ${shown(id, 200)}`}
            onClick={() => setOpen(!isOpen)}
          />
        ) : (
          <span class="twist" />
        )}
        <a class="mono long" href={link(['executions', id])}>
          {shown(id, 200)}
        </a>
        <span class="quiet">{calls(execution.calls)}</span>
        {above !== undefined && <span class="quiet">in place of {shown(above, 80)}</span>}
        {shadowedBy.count > 0 && (
          <span class="quiet">
            not where{' '}
            {shadowedBy.count === 1
              ? 'one more specific applies'
              : `one of ${count(shadowedBy.count)} more specific applies`}
          </span>
        )}
      </div>
      {isOpen && <Branch kind={kind} under={id} />}
    </li>
  );
}

function BranchPage({ kind, under, after, onMore }: BranchPageProps): VNode {
  const page = useQuery<Listed<Execution>>(
    apiPath('executions/tree', { kind, under, after, limit: pageSize }),
  );
  return (
    <Loaded query={page}>
      {({ items, next, total }) => (
        <>
          {items.length === 0 && <p class="empty">There is no execution yet.</p>}
          <ul class="tree">
            {items.map((execution) => (
              <Node key={execution.id} execution={execution} kind={kind} />
            ))}
          </ul>
          {next !== undefined && onMore && (
            <Button onPress={() => onMore(next)}>Show more of {count(total)}</Button>
          )}
        </>
      )}
    </Loaded>
  );
}

/** The executions directly below another, page by page, each with its own branch. */
export function Branch({ kind, under }: BranchProps): VNode {
  const [pages, setPages] = useState<readonly string[]>(['']);
  return (
    <>
      {pages.map((after, place) => (
        <BranchPage
          key={after}
          kind={kind}
          after={after}
          {...(under !== undefined && { under })}
          onMore={place === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined}
        />
      ))}
    </>
  );
}
