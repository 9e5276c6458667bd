import type { VNode } from 'preact';
import { count } from '../../../lib/shown/figures.js';
import { link, useRoute } from '../state/route.js';

interface PagerProps {
  readonly shown: number;
  readonly total?: number;
  readonly next?: string | undefined;
  /** The name of the listed things, `targets` for example. */
  readonly what: string;
}

/** Links to the next and the first page of a list. The browser's back button leads to the previous page. */
export function Pager({ shown, total, next, what }: PagerProps): VNode | null {
  const { path, query } = useRoute();
  const isFirst = query['after'] === undefined;
  if (isFirst && next === undefined) return null;
  return (
    <nav class="pager" aria-label={`Pages of ${what}`}>
      <span class="quiet">
        {count(shown)} {total !== undefined && `of ${count(total)} `}
        {what}
      </span>
      {!isFirst && <a href={link(path, { ...query, after: undefined })}>First page</a>}
      {next !== undefined && <a href={link(path, { ...query, after: next })}>Next page</a>}
    </nav>
  );
}
