/** The flags of the command. */
export interface BacktestFlags {
  readonly prefix?: readonly string[];
  readonly type?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly send?: boolean;
  readonly enforce?: boolean;
  readonly atOnce: number;
  readonly giveUpAfter: number;
  readonly examples: number;
  readonly html?: string;
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The command to type to run it again, without the global options, which may hold credentials. */
export function commandLineOf(target: string | undefined, flags: BacktestFlags): string {
  const valued = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)];
  return [
    'eventstore-actions',
    'backtest',
    ...(target === undefined ? [] : [target]),
    ...(flags.prefix ?? []).flatMap((prefix) => ['--prefix', prefix]),
    ...(flags.type ?? []).flatMap((type) => ['--type', type]),
    ...valued('--since', flags.since),
    ...valued('--until', flags.until),
    ...valued('--limit', flags.limit),
    ...(flags.send === true ? ['--send'] : []),
    ...(flags.enforce === true ? ['--enforce'] : []),
    ...valued('--at-once', flags.atOnce),
    ...valued('--give-up-after', flags.giveUpAfter),
    ...valued('--examples', flags.examples),
    ...valued('--html', flags.html),
  ]
    .map(quoted)
    .join(' ');
}
