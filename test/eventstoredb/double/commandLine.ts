import { Command, InvalidArgumentError } from 'commander';
import { callKinds, type CallKind } from './faults.js';
import type { EventStoreDouble } from './eventStoreDouble.js';
import { startCluster } from './startDouble.js';

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Not a number of 0 or more.');
  return value;
};

const callKind = (text: string, before: readonly CallKind[] = []): readonly CallKind[] => {
  const kind = callKinds.find((known) => known === text);
  if (!kind) throw new InvalidArgumentError(`One of ${callKinds.join(', ')}.`);
  return [...before, kind];
};

type Flags = {
  readonly port: number;
  readonly nodes: number;
  readonly maxAppendSize?: number;
  readonly appendDelay: number;
  readonly silent?: readonly CallKind[];
  readonly batchAppend: boolean;
  readonly serverFeatures: boolean;
  readonly caughtUp: boolean;
  readonly rememberIds?: boolean;
  readonly denyAll?: boolean;
  readonly denyAppends?: boolean;
  readonly seed: number;
  readonly reset: number;
  readonly lostAcknowledgement: number;
  readonly silence: number;
  readonly gracefulEnd: number;
  readonly restart: number;
  readonly drop: number;
};

const setFaults = ({ faults }: EventStoreDouble, flags: Flags): void => {
  faults.appendDelay = flags.appendDelay;
  for (const kind of flags.silent ?? []) faults.silent.add(kind);
  if (!flags.batchAppend) faults.serverFeatures = 'without-batch-append';
  if (!flags.serverFeatures) faults.serverFeatures = 'unimplemented';
  faults.withoutCaughtUp = !flags.caughtUp;
  faults.forgetsIdsAtRestart = flags.rememberIds !== true;
  faults.denied.all = flags.denyAll === true;
  faults.denied.appends = flags.denyAppends === true;
  const { seed, reset, lostAcknowledgement, silence, gracefulEnd, restart, drop } = flags;
  faults.randomly({ seed, reset, lostAcknowledgement, silence, gracefulEnd, restart, drop });
};

const program = new Command('double')
  .description('Answers like EventStoreDB 24.2, from memory. Its first line is its connection string.')
  .option('--port <port>', 'port of the first node', number, 0)
  .option('--nodes <count>', 'nodes of the cluster; the first leads', number, 1)
  .option('--max-append-size <bytes>', 'limit of one append', number)
  .option('--append-delay <milliseconds>', 'time every append takes', number, 0)
  .option('--silent <kind>', `kind of call that is never answered: ${callKinds.join(', ')}`, callKind)
  .option('--no-batch-append', 'a server without BatchAppend')
  .option('--no-server-features', 'a server that does not list its features')
  .option('--no-caught-up', 'a server older than 23.10')
  .option('--remember-ids', 'event ids outlive a restart')
  .option('--deny-all', '$all may not be read')
  .option('--deny-appends', 'nothing may be written')
  .option('--seed <seed>', 'of the faults at random', number, 1)
  .option('--reset <probability>', 'per append: connection cut before the commit', number, 0)
  .option('--lost-acknowledgement <probability>', 'per append: connection cut after the commit', number, 0)
  .option('--silence <probability>', 'per append: no answer', number, 0)
  .option('--graceful-end <probability>', 'per append: the batch stream ends', number, 0)
  .option('--restart <probability>', 'per append: killed and started again', number, 0)
  .option('--drop <probability>', 'per delivered event: the subscription ends', number, 0)
  .addHelpText('after', '\nSIGHUP kills every node and starts it again; SIGINT and SIGTERM end.');

/** Starts the double as the arguments say. */
export const startFromCommandLine = async (
  args: readonly string[],
): Promise<readonly [EventStoreDouble, ...EventStoreDouble[]]> => {
  const flags = program.parse(args, { from: 'user' }).opts<Flags>();
  const { port, nodes, maxAppendSize } = flags;
  const doubles = await startCluster(nodes, { port, ...(maxAppendSize !== undefined && { maxAppendSize }) });
  for (const double of doubles) setFaults(double, flags);
  return doubles;
};
