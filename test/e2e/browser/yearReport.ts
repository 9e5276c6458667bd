import type {
  EventOutcome,
  JudgedCall,
  JudgedEvent,
} from '../../../src/cli/backtest/tallying/judgedEvent.js';
import { htmlReport } from '../../../src/cli/backtest/reporting/html/htmlReport.js';
import { createTally } from '../../../src/cli/backtest/tallying/tally.js';

const day = 86_400_000;
const from = Date.UTC(2029, 0, 1);
const longName = 'a.type.with.a.very.long.name.'.repeat(8);

function judgedAt(index: number, sent: boolean): JudgedEvent {
  const outcomes: readonly EventOutcome[] = ['passed', 'passed', 'amended', 'passed', 'vetoed', 'failed'];
  const outcome = sent ? (outcomes[index % 17] ?? 'passed') : 'planned';
  const verdict = outcome === 'vetoed' ? 'refused' : outcome;
  const call: JudgedCall = {
    targetID: `9fdd25bf-79bf-40df-b011-${index % 30}`,
    name: `policy number ${index % 30} of the whole company`,
    enforced: index % 3 > 0,
    verdict,
    ...(sent && { status: 200, durationMs: 3 * 10 ** ((index % 40) / 15) }),
    ...(verdict === 'refused' && { message: 'NoSpacesAtAll'.repeat(30) }),
    ...(verdict === 'failed' && { reason: 'timeout' }),
    ...(verdict === 'amended' && { changed: { added: [longName], changed: ['total'], removed: [] } }),
  };
  return { executionID: `event/${longName}${index % 5}`, outcome, calls: [call] };
}

/** The page of a backtest of a year that was interrupted, with many types and targets whose names are long. */
export function yearReport(sent: boolean): string {
  const tally = createTally(5);
  for (let index = 0; index < 8_760; index++) {
    const event = {
      id: `${index}`,
      stream: `order-${'0'.repeat(120)}-${index}`,
      type: index % 7 === 0 ? `${longName}${index % 40}` : `order.placed${index % 60}`,
      data: {},
      metadata: {},
      version: BigInt(index),
      position: BigInt(index),
      created: new Date(from + (index * day) / 24),
    };
    tally.read();
    tally.chosen(event);
    tally.judged(event, judgedAt(index, sent));
  }
  return htmlReport({
    command: `eventstore-actions backtest --type '${longName}'`,
    store: `sqlite:/srv/${'folder/'.repeat(20)}events.db`,
    instance: 'default',
    target: null,
    selection: { prefixes: ['order-'], types: [longName], since: null, until: null, limit: null },
    sent,
    enforced: false,
    startedAt: '2030-01-01T00:00:00.000Z',
    durationMs: 61_000,
    head: '8760',
    ended: { kind: 'interrupted' },
    ...tally.result(),
    appended: 0,
  });
}
