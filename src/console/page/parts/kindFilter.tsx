import type { VNode } from 'preact';
import { filter } from '../state/route.js';
import { ChoiceField } from './field.js';

interface KindFilterProps {
  readonly kind: string;
  /** What the choice of every kind says. */
  readonly all: string;
}

/** Filters the list of a page by the kind of what happens. */
export const KindFilter = ({ kind, all }: KindFilterProps): VNode => (
  <ChoiceField
    label="Kind"
    value={kind}
    options={[
      ['', all],
      ['event', 'events'],
      ['request', 'requests'],
      ['response', 'responses'],
      ['function', 'functions'],
    ]}
    onChange={(chosen) => filter({ kind: chosen })}
  />
);
