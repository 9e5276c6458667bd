import type { VNode } from 'preact';
import type { Deliveries } from '../../../wire/deliveries.js';
import type { Overview } from '../../../wire/session.js';
import { count, milliseconds } from '../../../../lib/shown/figures.js';
import { shown } from '../../parts/text.js';
import { workersText } from '../deliveries/deliveriesText.js';
import { link } from '../../state/route.js';

interface Tile {
  readonly what: string;
  readonly value: string;
  readonly note: string;
  readonly address?: string;
}

function tilesOf({ process, totals }: Overview, deliveries: Deliveries | undefined): readonly Tile[] {
  const { index, queues, observed } = process;
  return [
    {
      what: 'Targets',
      value: count(totals.targets),
      note: `${count(totals.calledTargets)} called`,
      address: link(['targets']),
    },
    {
      what: 'Executions',
      value: count(totals.executions),
      note: 'conditions with a list',
      address: link(['executions']),
    },
    {
      what: 'Index',
      value: index.caughtUp ? 'current' : 'behind',
      note: `${milliseconds(index.lagMs)} lag, position ${shown(index.position ?? 'none', 24)}`,
    },
    {
      what: 'Async calls',
      value: count(queues.async.running),
      note: `under way, ${count(queues.async.waiting)} waiting`,
    },
    { what: 'Waiting calls', value: count(queues.calls.waiting), note: 'for a place at their target' },
    {
      what: 'Observed',
      value: count(observed.calls),
      note: `would refuse ${count(observed.wouldRefuse)}, amend ${count(observed.wouldAmend)}`,
    },
    {
      what: 'Breakers',
      value: count(totals.breakers),
      note: 'not closed',
    },
    ...(deliveries
      ? [
          {
            what: 'Dead letters',
            value: count(deliveries.deadLetters),
            note: workersText(deliveries),
            address: link(['deliveries']),
          },
        ]
      : []),
  ];
}

interface TilesProps {
  readonly overview: Overview;
  readonly deliveries: Deliveries | undefined;
}

export const Tiles = ({ overview, deliveries }: TilesProps): VNode => (
  <ul class="tiles">
    {tilesOf(overview, deliveries).map(({ what, value, note, address }) => (
      <li key={what}>
        <span class="what">{address === undefined ? what : <a href={address}>{what}</a>}</span>
        <span class="value">{value}</span>
        <span class="share">{note}</span>
      </li>
    ))}
  </ul>
);
