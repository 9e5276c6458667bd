import { randomBytes } from 'node:crypto';
import { createActions, createKeyring, type Actions } from '../../index.js';
import { appendAll, type Outcome } from './appendAll.js';
import { agrees, checksOf, type Check } from './checks.js';
import { openDemoStore, type DemoStore } from './demoStore.js';
import { digest } from './digest.js';
import { startDelivering } from './durable.js';
import type { EndpointReport, PerEndpoint } from './endpointMessages.js';
import { startEndpoints, type EndpointProcess } from './endpointProcess.js';
import { githubEvents, type GitHubEvent } from './githubEvents.js';
import { defineExecutions, defineTargets } from './rules.js';
import { tellChecks, tellOutage, tellOutcome, tellReports, tellRules } from './story.js';
import type { Storyteller } from './storyteller.js';
import { CallTally } from './callTally.js';

export interface DemoOptions {
  /** The location of the store. Absent: a temporary store. */
  readonly location: string | undefined;
  readonly story: Storyteller;
  /** Called with the reason where the demo uses a fallback store. */
  readonly warn: (text: string) => void;
  readonly signal: AbortSignal;
}

/** The result of a demo run. */
export interface DemoResult {
  readonly store: string;
  readonly events: number;
  readonly outcome: Outcome;
  /** The types of the amended events. */
  readonly amended: readonly string[];
  /** The duration of all appends. Milliseconds. */
  readonly durationMs: number;
  readonly reports: PerEndpoint<EndpointReport>;
  readonly checks: readonly Check[];
  /** Whether all pairs of numbers are equal. */
  readonly agreed: boolean;
}

/** Digest of every stored event by its id. */
async function readBack(store: DemoStore, events: readonly GitHubEvent[]): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  for (const stream of new Set(events.map((event) => event.stream)))
    for await (const { id, data } of store.eventStore.readStream(stream))
      stored.set(id, data instanceof Uint8Array ? 'binary' : digest(data));
  return stored;
}

/** Rebuilds the index from the events. Returns how many event types are routed differently afterwards. */
async function rebuild(
  actions: Actions,
  types: readonly string[],
  { story, signal }: DemoOptions,
): Promise<readonly Check[]> {
  const routes = (): readonly string[] => types.map((event) => JSON.stringify(actions.explain({ event })));
  const before = routes();
  const { events, durationMs, drift } = await actions.rebuild({ signal });
  const after = routes();
  story.heading('Index rebuilt from the events');
  story.table([
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

async function play(store: DemoStore, endpoints: EndpointProcess, options: DemoOptions): Promise<DemoResult> {
  const { story, signal } = options;
  story.say(
    story.style(
      'bold',
      'eventstore-actions: targets that watch, amend or veto events before they are appended, or hear of them after',
    ),
  );
  story.say();
  const events = await githubEvents(store.streamName);
  const types = [...new Set(events.map(({ type }) => type))];
  story.table([
    ['events', `${events.length} of ${types.length} types, recorded from GitHub`],
    ['store', store.description],
    ['endpoints', `4, in process ${endpoints.processID ?? '?'}`],
  ]);

  const tally = new CallTally();
  const actions = await createActions({
    eventStore: store.eventStore,
    instanceID: store.instanceID,
    keyring: createKeyring({ activeKeyID: 'demo', keys: { demo: randomBytes(32) } }),
    // The default policy refuses loopback addresses.
    network: { allow: ['127.0.0.1/32'] },
    onCall: tally.onCall,
  });
  try {
    const targets = await defineTargets(actions, endpoints.ports);
    const { audit, policy, notifier, archive } = targets;
    await endpoints.useSigningKeys({
      audit: audit.signingKey,
      policy: policy.signingKey,
      notifier: notifier.signingKey,
      archive: archive.signingKey,
    });
    await defineExecutions(actions, targets);
    tellRules(story, actions);

    const delivering = await startDelivering(actions, store, events);
    const started = performance.now();
    const outcome = await appendAll(events, await store.guardedAppend(actions), signal);
    const durationMs = performance.now() - started;
    const stored = await readBack(store, events);
    const amended = outcome.appended
      .filter(({ id, data }) => stored.get(id) !== digest(data))
      .map(({ type }) => type);
    tellOutcome(story, outcome, amended, (durationMs / 1_000).toFixed(1));

    await delivering.whenDown(signal);
    tellOutage(story, outcome.appended.length);
    await endpoints.bringArchiveBack();
    const deliveries = await delivering.whenDelivered(signal);

    const rebuilt = await rebuild(actions, types, options);
    // Wait for the pending async calls.
    await actions.close();
    const reports = await endpoints.report();
    tellReports(story, reports);
    const targetIDs = { audit: audit.id, policy: policy.id, notifier: notifier.id, archive: archive.id };
    const checks = [...checksOf({ outcome, stored, tally, targetIDs, reports, deliveries }), ...rebuilt];
    tellChecks(story, checks);
    const agreed = checks.every(agrees);
    const { description } = store;
    return {
      store: description,
      events: events.length,
      outcome,
      amended,
      durationMs,
      reports,
      checks,
      agreed,
    };
  } finally {
    await actions.close();
  }
}

/** Runs the demo with real payloads and sockets. Closes everything that it opened, also after an error. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const store = await openDemoStore(options.location);
  if (store.warning !== undefined) options.warn(store.warning);
  try {
    const endpoints = await startEndpoints();
    try {
      return await play(store, endpoints, options);
    } finally {
      await endpoints.stop();
    }
  } finally {
    await store.close();
  }
}
