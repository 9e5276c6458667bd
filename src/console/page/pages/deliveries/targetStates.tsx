import type { VNode } from 'preact';
import type { Deliveries } from '../../../wire/deliveries.js';
import type { PauseTarget, Target } from '../../../wire/targets.js';
import { count, roughly } from '../../../../lib/shown/figures.js';
import { targetPath } from '../../api/apiPath.js';
import { Badge, type Tone } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { DataTable } from '../../parts/dataTable.js';
import { Problem } from '../../parts/problem.js';
import { shown } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { link } from '../../state/route.js';

type State = Deliveries['targets'][number];

const tones: Readonly<Record<State['state'], Tone>> = {
  live: 'good',
  behind: 'warn',
  down: 'bad',
  paused: 'warn',
  throttled: 'warn',
  suspended: 'bad',
};

/** Pauses or resumes the deliveries to a target. */
function Pause({ target }: { readonly target: State }): VNode {
  const { client, said } = useApp();
  const change = useChange();
  const isPaused = target.state === 'paused';
  const name = shown(target.name ?? target.targetID, 80);
  const press = () =>
    change.run(async () => {
      const { revision } = await client.get<Target>(targetPath(target.targetID));
      const body: PauseTarget = { revision, paused: !isPaused };
      await client.post<Target>(targetPath(target.targetID, 'pause'), body);
      said.set(isPaused ? `Deliveries to ${name} go on.` : `Deliveries to ${name} are paused.`);
    });
  return (
    <>
      <Button isBusy={change.isBusy} label={`${isPaused ? 'Resume' : 'Pause'} ${name}`} onPress={press}>
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Problem failure={change.failure} />
    </>
  );
}

export function TargetStates({ targets }: { readonly targets: readonly State[] }): VNode {
  const { session } = useApp();
  return (
    <DataTable
      caption="Targets with deliveries"
      rows={targets}
      keyOf={({ targetID }) => targetID}
      empty="No target has durable delivery."
      columns={[
        {
          title: 'Target',
          cell: ({ targetID, name }) => (
            <a href={link(['targets', targetID])}>{shown(name ?? targetID, 80)}</a>
          ),
        },
        {
          title: 'State',
          cell: ({ state, reason }) => (
            <>
              <Badge tone={tones[state]} text={state} />{' '}
              {reason !== undefined && <span class="quiet long">{shown(reason, 120)}</span>}
            </>
          ),
        },
        { title: 'Streams that wait', isNumber: true, cell: ({ lanes }) => count(lanes) },
        { title: 'Oldest', isNumber: true, cell: ({ oldest }) => (oldest ? roughly(oldest.ageMs) : '–') },
        {
          title: 'Dead letters',
          isNumber: true,
          cell: ({ targetID, deadLetters }) =>
            deadLetters === 0 ? (
              '0'
            ) : (
              <a href={link(['deliveries'], { state: 'parked', targetID })}>{count(deadLetters)}</a>
            ),
        },
        ...(session.can.writeTargets
          ? [{ title: 'Pause', cell: (target: State) => <Pause target={target} /> }]
          : []),
      ]}
    />
  );
}
