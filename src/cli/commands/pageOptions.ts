import { Option, type Command } from 'commander';
import type { SortDirection } from '../../index.js';
import { addLimit, parseCount } from '../shell/flags.js';

export interface PageFlags<Field extends string> {
  readonly sort: Field;
  readonly descending?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

export function addPageOptions(command: Command, fields: readonly string[]): Command {
  command
    .addOption(new Option('--sort <field>', 'the field to sort by').choices(fields).default('id'))
    .option('--descending', 'sort in descending order')
    .option('--offset <count>', 'skip this many rows', parseCount(0, Number.MAX_SAFE_INTEGER));
  return addLimit(command);
}

export function pageOf<Field extends string>({ sort, descending, offset, limit }: PageFlags<Field>) {
  const direction: SortDirection = descending === true ? 'descending' : 'ascending';
  return {
    sort: { by: sort, direction },
    ...(offset !== undefined && { offset }),
    ...(limit !== undefined && { limit }),
  };
}
