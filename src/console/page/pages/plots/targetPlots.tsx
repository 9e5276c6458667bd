import type { VNode } from 'preact';
import type { Plots } from '../../../wire/calls.js';
import { apiPath } from '../../api/apiPath.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/page.js';
import { useQuery } from '../../state/query.js';
import { PlotOf } from './plotOf.js';

const everyMs = 15_000;

export function TargetPlots({ id }: { readonly id: string }): VNode {
  const plots = useQuery<Plots>(apiPath('plots', { targetID: id }), everyMs);
  return (
    <Section title="The last hour" note="Times are UTC.">
      <Loaded query={plots}>
        {(found) => {
          const target = found.targets.find(({ targetID }) => targetID === id);
          return target ? (
            <PlotOf plots={found} target={target} />
          ) : (
            <p class="empty">It was not called in the last hour.</p>
          );
        }}
      </Loaded>
    </Section>
  );
}
