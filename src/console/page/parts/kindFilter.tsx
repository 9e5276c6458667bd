import type { VNode } from 'preact';
import { filter } from '../state/route.js';
import { ChoiceField } from './field.js';

interface KindFilterProps {
  readonly kind: string;
  /** The label of the choice of all kinds. */
  readonly all: string;
}

/** Filters a list by the kind of occurrence. */
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
