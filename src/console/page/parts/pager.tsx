import type { VNode } from 'preact';
import { count } from '../../../lib/shown/figures.js';
import { link, useRoute } from '../state/route.js';

interface PagerProps {
  readonly shown: number;
  readonly total?: number;
  readonly next?: string | undefined;
  /** What is listed, e.g. `targets`. */
  readonly what: string;
}

/** The server pages: a link to the page that follows, and one to the first. The way back is the browser's. */
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
