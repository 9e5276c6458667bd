import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Actions, Drift, EventStore, RebuildOptions, RebuildResult } from '../../index.js';
import { exitCodes, InterruptedError } from '../shell/failure.js';
import { createProgress } from '../shell/progress.js';
import type { CommandOutput } from '../shell/commandOutput.js';
import type { Session } from '../session/commandSession.js';
import { shareRead } from '../shell/shareRead.js';

function driftTable(drift: readonly Drift[], output: CommandOutput): string {
  return output.table(
    ['INSTANCE', 'KIND', 'ID', 'THE INDEX HAD IT'],
    drift.map(({ instanceID, kind, id, difference }) => [instanceID, kind, id, difference]),
  );
}

/** Runs a rebuild or a comparison under a progress bar. */
async function withProgress(
  session: Session,
  output: CommandOutput,
  store: EventStore,
  work: (options: RebuildOptions) => Promise<RebuildResult>,
): Promise<RebuildResult> {
  const head = await store.head?.();
  const progress = createProgress(session.terminal, { unit: 'events', silent: output.isJSON });
  let isDone = false;
  try {
    const result = await work({
      signal: session.signal,
      onProgress: ({ events, position }) => {
        progress.tell({ count: events, share: shareRead(position, head) });
      },
    });
    isDone = true;
    return result;
  } catch (error) {
    if (!session.signal.aborted) throw error;
    throw new InterruptedError(
      'interrupted; nothing was changed: the old index stays in use, and the next run starts at the first event',
      { cause: error },
    );
  } finally {
    progress.end(isDone);
  }
}

const summary = ({ events, durationMs }: RebuildResult): string =>
  `${events} events in ${Math.round(durationMs)} ms`;

async function statusOf(actions: Actions, store: EventStore, waitMs: number, signal: AbortSignal) {
  const isSettled = () => {
    const { connected, caughtUp } = actions.health();
    return connected && caughtUp;
  };
  for (let waited = 0; !isSettled() && waited < waitMs && !signal.aborted; waited += 20) await sleep(20);
  signal.throwIfAborted();
  const { position, lagMs, connected, caughtUp, failedEvents, cutIncludes } = actions.health();
  const head = await store.head?.().catch(() => undefined);
  const { total: targets } = await actions.targets.list({ limit: 1 });
  const { total: executions } = await actions.executions.list({ limit: 1 });
  return {
    position,
    head,
    lagMs,
    lagPositions: head === undefined ? undefined : head > (position ?? 0n) ? head - (position ?? 0n) : 0n,
    connected,
    caughtUp,
    targets,
    executions,
    cutIncludes,
    failedEvents,
  };
}

export function addProjection(program: Command, session: Session): void {
  const projection = program
    .command('projection')
    .description('the condition index: state, comparison, rebuild')
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions projection status --index ./index.db
  $ eventstore-actions projection verify --index ./index.db || eventstore-actions projection rebuild --index ./index.db
`,
    );
  const needsIndex = { needsIndex: true, awaitReady: false } as const;

  projection
    .command('status')
    .description('show the state of the index; exit code 3 where it is not healthy')
    .addHelpText(
      'after',
      `
An index is not healthy where it is not connected, has not caught up, or has met events that it cannot read.

Example:
  $ eventstore-actions projection status --index ./index.db --json | jq .lagPositions
`,
    )
    .action(async (_flags: unknown, command: Command) => {
      await session.withActions(
        command,
        async ({ actions, store, output }) => {
          const status = await statusOf(actions, store, session.options(command).wait, session.signal);
          const { position, head, lagMs, lagPositions, connected, caughtUp, failedEvents } = status;
          output.result(status, () =>
            [
              output.details([
                ['position', `${position ?? 'none'}${head === undefined ? '' : ` of ${head}`}`],
                [
                  'lag',
                  `${Math.round(lagMs)} ms${lagPositions === undefined ? '' : `, ${lagPositions} positions`}`,
                ],
                ['connected', connected ? 'yes' : 'no'],
                ['caught up', caughtUp ? 'yes' : 'no'],
                ['targets', String(status.targets)],
                ['executions', String(status.executions)],
                ['cut includes', String(status.cutIncludes)],
                ['failed events', String(failedEvents.length)],
              ]),
              ...(failedEvents.length === 0
                ? []
                : [
                    output.table(
                      ['STREAM', 'REVISION', 'TYPE', 'REASON'],
                      failedEvents.map(({ stream, version, type, reason }) => [
                        stream,
                        String(version),
                        type,
                        reason,
                      ]),
                    ),
                  ]),
            ].join('\n'),
          );
          if (!connected || !caughtUp || failedEvents.length > 0) session.exitCode = exitCodes.drift;
        },
        needsIndex,
      );
    });

  projection
    .command('rebuild')
    .description('build a new index from the first event, beside the old one, and swap it in')
    .addHelpText(
      'after',
      `
The old index serves until the new one is complete, and stays where the rebuild is interrupted or killed. Processes that
share the file switch to the new index by themselves. The command shows and repairs drift, with exit code 0.

Example:
  $ eventstore-actions projection rebuild --index ./index.db
`,
    )
    .action(async (_flags: unknown, command: Command) => {
      await session.withActions(
        command,
        async ({ actions, store, output }) => {
          const result = await withProgress(session, output, store, (options) => actions.rebuild(options));
          output.result(result, () =>
            result.drift.length === 0
              ? `rebuilt from ${summary(result)}; no drift was found\n`
              : `${driftTable(result.drift, output)}\nrebuilt from ${summary(result)}; the drift above is repaired\n`,
          );
        },
        needsIndex,
      );
    });

  projection
    .command('verify')
    .description(
      'compare the index with one built from the first event, and change nothing; exit code 3 where they differ',
    )
    .addHelpText('after', '\nExample:\n  $ eventstore-actions projection verify --index ./index.db\n')
    .action(async (_flags: unknown, command: Command) => {
      await session.withActions(
        command,
        async ({ actions, store, output }) => {
          const result = await withProgress(session, output, store, (options) => actions.verify(options));
          output.result(result, () =>
            result.drift.length === 0
              ? `compared with ${summary(result)}; the index is right\n`
              : `${driftTable(result.drift, output)}\ncompared with ${summary(result)}; "projection rebuild" repairs the drift\n`,
          );
          if (result.drift.length > 0) session.exitCode = exitCodes.drift;
        },
        needsIndex,
      );
    });
}
