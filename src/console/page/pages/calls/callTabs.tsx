import type { VNode } from 'preact';
import { Tabs } from '../../parts/tabs.js';
import { useApp } from '../../state/app.js';
import { link, useRoute } from '../../state/route.js';

export function CallTabs(): VNode | null {
  const { session } = useApp();
  const isPlots = useRoute().path[1] === 'plots';
  // Plots show targets, and need the permission to read them.
  if (!session.can.readTargets) return null;
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
