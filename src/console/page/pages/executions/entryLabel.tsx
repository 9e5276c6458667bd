import type { VNode } from 'preact';
import type { ShownEntry } from '../../../wire/executions.js';
import { Badge } from '../../parts/badge.js';
import { shown } from '../../parts/text.js';
import { link } from '../../state/route.js';

/** An entry of a list, with a link to its target or execution. */
export const EntryLabel = ({ entry }: { readonly entry: ShownEntry }): VNode => (
  <span class="entry">
    {'target' in entry ? (
      <a href={link(['targets', entry.target])}>{shown(entry.name ?? entry.target, 80)}</a>
    ) : (
      <>
        <span class="quiet">all of</span>{' '}
        <a href={link(['executions', entry.include])}>{shown(entry.include, 120)}</a>
      </>
    )}
    {entry.missing && <Badge tone="bad" text="is gone" />}
  </span>
);

export const entryText = (entry: ShownEntry): string =>
  'target' in entry ? shown(entry.name ?? entry.target, 80) : `all of ${shown(entry.include, 120)}`;
