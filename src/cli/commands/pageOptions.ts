import { Option, type Command } from 'commander';
import type { SortDirection } from '../../index.js';
import { parseCount } from '../shell/flags.js';

export interface PageFlags<Field extends string> {
  readonly sort: Field;
  readonly descending?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

export function addPageOptions(command: Command, fields: readonly string[]): Command {
  return command
    .addOption(new Option('--sort <field>', 'the field to sort by').choices(fields).default('id'))
    .option('--descending', 'sort in descending order')
    .option('--offset <count>', 'skip this many rows', parseCount(0, Number.MAX_SAFE_INTEGER))
    .option(
      '--limit <count>',
      'show at most this many rows, up to 1000 (default: 100)',
      parseCount(1, 1_000),
    );
}

export function pageOf<Field extends string>({ sort, descending, offset, limit }: PageFlags<Field>) {
  const direction: SortDirection = descending === true ? 'descending' : 'ascending';
  return {
    sort: { by: sort, direction },
    ...(offset !== undefined && { offset }),
    ...(limit !== undefined && { limit }),
  };
}
