/**
 * The main job in a few seconds, over real payloads and real sockets: `npm run demo`, or where an EventStoreDB runs
 * `npm run demo -- --store esdb://...`. Ends with 0 only if every number agrees with what the endpoints counted by
 * themselves.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createActions, createKeyring, isActionsError, type Actions } from 'eventstore-actions';
import { appendAll } from './appendAll.js';
import { checksOf, type Check } from './checks.js';
import { digest } from './digest.js';
import { startEndpoints, type EndpointProcess } from './endpointProcess.js';
import { githubEvents, type GitHubEvent } from './githubEvents.js';
import { defineExecutions, defineTargets } from './rules.js';
import { openStore, type DemoStore } from './store.js';
import { tellChecks, tellOutcome, tellReports, tellRules } from './story.js';
import { CallTally } from './tally.js';
import { heading, say, styled, table } from './terminal.js';

/** Digest of every stored event by its id. */
async function readBack(store: DemoStore, events: readonly GitHubEvent[]): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  for (const stream of new Set(events.map((event) => event.stream)))
    for await (const { id, data } of store.eventStore.readStream(stream))
      stored.set(id, data instanceof Uint8Array ? 'binary' : digest(data));
  return stored;
}

/** Rebuilds the index from the events; how many event types are routed differently afterwards. */
async function rebuild(actions: Actions, types: readonly string[]): Promise<readonly Check[]> {
  const routes = (): readonly string[] => types.map((event) => JSON.stringify(actions.explain({ event })));
  const before = routes();
  const { events, durationMs, drift } = await actions.rebuild();
  const after = routes();
  heading('Index rebuilt from the events');
  table([
    ['events of targets and executions', events],
    ['milliseconds', Math.round(durationMs)],
  ]);
  return [
    { what: 'entries of the rebuilt index that differ from the one before', here: drift.length, there: 0 },
    {
      what: `of ${types.length} event types, those that are routed differently by the rebuilt index`,
      here: before.filter((route, index) => route !== after[index]).length,
      there: 0,
    },
  ];
}

async function tell(store: DemoStore, endpoints: EndpointProcess): Promise<boolean> {
  const events = githubEvents(store.streamName);
  const types = [...new Set(events.map(({ type }) => type))];
  table([
    ['events', `${events.length} of ${types.length} types, from GitHub (@octokit/webhooks-examples)`],
    ['store', store.description],
    ['endpoints', `3, in process ${endpoints.processID ?? '?'}`],
  ]);

  const tally = new CallTally();
  const actions = await createActions({
    eventStore: store.eventStore,
    instanceID: store.instanceID,
    keyring: createKeyring({ activeKeyID: 'demo', keys: { demo: randomBytes(32) } }),
    // Without this, loopback is refused.
    network: { allow: ['127.0.0.1/32'] },
    onCall: tally.onCall,
  });
  try {
    const targets = await defineTargets(actions, endpoints.ports);
    const { audit, policy, notifier } = targets;
    await endpoints.useSigningKeys({
      audit: audit.signingKey,
      policy: policy.signingKey,
      notifier: notifier.signingKey,
    });
    await defineExecutions(actions, targets);
    tellRules(actions);

    const started = performance.now();
    const outcome = await appendAll(events, store.guardedAppend(actions));
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    const stored = await readBack(store, events);
    const amended = outcome.appended.filter(({ id, data }) => stored.get(id) !== digest(data));
    tellOutcome(
      outcome,
      amended.map(({ type }) => type),
      seconds,
    );

    const rebuilt = await rebuild(actions, types);
    // Waits for the asynchronous calls that are still under way.
    await actions.close();
    const reports = await endpoints.report();
    tellReports(reports);
    const targetIDs = { audit: audit.id, policy: policy.id, notifier: notifier.id };
    return tellChecks([...checksOf({ outcome, stored, tally, targetIDs, reports }), ...rebuilt]);
  } finally {
    await actions.close();
  }
}

async function demo(url: string | undefined): Promise<boolean> {
  say(
    styled('bold', 'eventstore-actions: targets that watch, amend or veto events before they are appended'),
  );
  say();
  const store = openStore(url);
  try {
    const endpoints = await startEndpoints();
    try {
      return await tell(store, endpoints);
    } finally {
      await endpoints.stop();
    }
  } finally {
    await store.close();
  }
}

// A demo that hangs has failed too.
setTimeout(() => {
  say(styled('red', 'The demo took longer than 55 seconds.'));
  process.exit(1);
}, 55_000).unref();

try {
  const { values } = parseArgs({ options: { store: { type: 'string' } } });
  const agreed = await demo(values.store);
  say();
  say(
    agreed
      ? styled('green', 'Every number agrees.')
      : styled('red', 'Some numbers do not agree: this is a defect, please report it with the lines above.'),
  );
  process.exitCode = agreed ? 0 : 1;
} catch (error) {
  if (!isActionsError(error)) throw error;
  if (error.code === 'MISSING_DEPENDENCY') {
    say(`The demo keeps its events in SQLite, and that does not open here: ${error.message}.`);
    say('Then run: npm rebuild better-sqlite3 && npm run demo');
  } else say(`The demo stopped: ${error.message}`);
  process.exitCode = 1;
}
