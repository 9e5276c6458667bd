import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { isActionsError, type Actions, type PublicKey } from '../../index.js';
import { millisecondsSinceEpoch, nanosecondsSinceEpoch, timestampOf } from '../wire/convert.js';
import {
  PublicKeyFieldName,
  type ExpirationDateFilter,
  type PublicKeySchema,
  type PublicKeySearchFilter,
} from '../generated/action_v2_pb.js';
import { TimestampFilterMethod } from '../generated/filter_v2_pb.js';
import { pageOf, pagingOf } from '../wire/paging.js';
import { serviceError } from '../wire/serviceError.js';
import type { Rpcs } from './rpcs.js';

const wireKey = (key: PublicKey): MessageInitShape<typeof PublicKeySchema> => ({
  keyId: key.keyID,
  active: key.active,
  publicKey: new TextEncoder().encode(key.publicKey),
  fingerprint: key.fingerprint,
  ...(key.expiresAt !== undefined && { expirationDate: timestampOf(key.expiresAt) }),
  creationDate: timestampOf(key.created),
  changeDate: timestampOf(key.changed),
});

const expiryTests: Readonly<Record<number, (expiry: bigint, wanted: bigint) => boolean>> = {
  [TimestampFilterMethod.EQUALS]: (expiry, wanted) => expiry === wanted,
  [TimestampFilterMethod.AFTER]: (expiry, wanted) => expiry > wanted,
  [TimestampFilterMethod.AFTER_OR_EQUALS]: (expiry, wanted) => expiry >= wanted,
  [TimestampFilterMethod.BEFORE]: (expiry, wanted) => expiry < wanted,
  [TimestampFilterMethod.BEFORE_OR_EQUALS]: (expiry, wanted) => expiry <= wanted,
};

/** A key without an expiry does not match. */
function hasExpiry({ expiresAt }: PublicKey, { timestamp, method }: ExpirationDateFilter): boolean {
  const test = expiryTests[method] ?? expiryTests[TimestampFilterMethod.EQUALS];
  if (expiresAt === undefined || !test) return false;
  const wanted = nanosecondsSinceEpoch(timestamp ?? { seconds: 0n, nanos: 0 });
  return test(BigInt(expiresAt) * 1_000_000n, wanted);
}

function passes(key: PublicKey, { filter }: PublicKeySearchFilter): boolean {
  switch (filter.case) {
    case 'keyIdsFilter':
      return filter.value.ids.includes(key.keyID);
    case 'activeFilter':
      return key.active === filter.value;
    case 'expirationDateFilter':
      return hasExpiry(key, filter.value);
    case undefined:
      return true;
  }
}

const sortKeys: Readonly<Record<number, (key: PublicKey) => number>> = {
  [PublicKeyFieldName.CREATION_DATE]: ({ created }) => created.getTime(),
  [PublicKeyFieldName.CHANGE_DATE]: ({ changed }) => changed.getTime(),
  [PublicKeyFieldName.EXPIRATION_DATE]: ({ expiresAt = Infinity }) => expiresAt,
};
const byCreation = ({ created }: PublicKey): number => created.getTime();

const compare = <Value extends number | string>(left: Value, right: Value): number =>
  left === right ? 0 : left < right ? -1 : 1;

const defaultLimit = 100;

export function publicKeyRpcs({ targets: { keys } }: Pick<Actions, 'targets'>) {
  /** None where the target does not exist. */
  const listed = (targetID: string): Promise<readonly PublicKey[]> =>
    keys.list(targetID).catch((error: unknown) => {
      if (isActionsError(error, 'TARGET_NOT_FOUND')) return [];
      throw error;
    });

  return {
    async addPublicKey({ targetId, publicKey, expirationDate }) {
      const { keyID, changed } = await keys.add(targetId, {
        publicKey: new TextDecoder().decode(publicKey),
        ...(expirationDate && { expiresAt: millisecondsSinceEpoch('expiration_date', expirationDate) }),
      });
      // Adding the same key again keeps the first date.
      const created = (await listed(targetId)).find((key) => key.keyID === keyID)?.created ?? changed;
      return { keyId: keyID, ...(created && { creationDate: timestampOf(created) }) };
    },

    async activatePublicKey({ targetId, keyId }) {
      const { changed } = await keys.activate(targetId, keyId).catch((error: unknown) => {
        // Its id is well-formed, so that only an expired key is refused as an argument.
        if (!isActionsError(error, 'INVALID_ARGUMENT')) throw error;
        throw serviceError(
          Code.FailedPrecondition,
          'Errors.Target.PublicKey.Expired',
          'ACTIONS-PublicKeyExpired',
          error.message,
        );
      });
      return changed ? { changeDate: timestampOf(changed) } : {};
    },

    async deactivatePublicKey({ targetId, keyId }) {
      const { changed } = await keys.deactivate(targetId, keyId);
      return changed ? { changeDate: timestampOf(changed) } : {};
    },

    async removePublicKey({ targetId, keyId }) {
      const key = (await listed(targetId)).find(({ keyID }) => keyID === keyId);
      if (key?.active === true)
        throw serviceError(
          Code.FailedPrecondition,
          'Errors.Target.PublicKey.Active',
          'ACTIONS-PublicKeyActive',
          'the key is in use; activate another one, or deactivate it, and remove it then',
        );
      const { changed } = await keys.remove(targetId, keyId);
      return changed ? { deletionDate: timestampOf(changed) } : {};
    },

    async listPublicKeys({ targetId, pagination, sortingColumn, filters }) {
      const paging = pagingOf(pagination, defaultLimit);
      const keyOf = sortKeys[sortingColumn] ?? byCreation;
      const sign = paging.direction === 'ascending' ? 1 : -1;
      const found = (await listed(targetId))
        .filter((key) => filters.every((filter) => passes(key, filter)))
        .sort((left, right) => sign * compare(keyOf(left), keyOf(right)) || compare(left.keyID, right.keyID));
      const page = found.slice(paging.offset, paging.offset + paging.limit);
      return { pagination: pageOf(found.length, paging), publicKeys: page.map(wireKey) };
    },
  } satisfies Partial<Rpcs>;
}
