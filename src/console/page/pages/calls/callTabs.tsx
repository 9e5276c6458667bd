import type { VNode } from 'preact';
import { Tabs } from '../../parts/tabs.js';
import { link, useRoute } from '../../state/route.js';

export function CallTabs(): VNode {
  const isPlots = useRoute().path[1] === 'plots';
  return (
    <Tabs
      label="Views of calls"
      tabs={[
        [link(['calls']), 'Latest calls', !isPlots],
        [link(['calls', 'plots']), 'Last hour', isPlots],
      ]}
    />
  );
}
