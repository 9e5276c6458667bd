import { InvalidArgumentError } from '../../errors.js';
import type { SortDirection } from '../../index.js';
import type { PaginationRequest } from '../generated/filter_v2_pb.js';

/** One page of a list, as the queries of this library take it. */
interface Paging {
  readonly offset: number;
  readonly limit: number;
  readonly direction: SortDirection;
}

const most = 1_000;

/** @throws {@link InvalidArgumentError} for a limit of more than 1 000 */
export function pagingOf(request: PaginationRequest | undefined, defaultLimit: number): Paging {
  const { offset = 0n, limit = 0, asc = false } = request ?? {};
  if (limit > most) throw new InvalidArgumentError(`the limit of a list is at most ${most}`);
  return {
    offset: offset > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(offset),
    limit: limit === 0 ? defaultLimit : limit,
    direction: asc ? 'ascending' : 'descending',
  };
}

export const pageOf = (total: number, { limit }: Paging) => ({
  totalResult: BigInt(total),
  appliedLimit: BigInt(limit),
});
