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
    .addOption(new Option('--sort <field>', 'what to sort by').choices(fields).default('id'))
    .option('--descending', 'the last one first')
    .option('--offset <count>', 'leave out this many', parseCount(0, Number.MAX_SAFE_INTEGER))
    .option('--limit <count>', 'show this many at the most, up to 1000 (default: 100)', parseCount(1, 1_000));
}

export function pageOf<Field extends string>({ sort, descending, offset, limit }: PageFlags<Field>) {
  const direction: SortDirection = descending === true ? 'descending' : 'ascending';
  return {
    sort: { by: sort, direction },
    ...(offset !== undefined && { offset }),
    ...(limit !== undefined && { limit }),
  };
}
