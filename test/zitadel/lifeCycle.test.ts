import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createClientFor } from '@zitadel/client';
import { ActionService as PublishedService } from '@zitadel/proto/zitadel/action/v2beta/action_service_pb.js';
import { TextFilterMethod } from '@zitadel/proto/zitadel/filter/v2beta/filter_pb.js';
import { expect } from 'chai';
import { ErrorDetailSchema } from '../../src/zitadel/generated/error_detail_pb.js';
import { ActionService, ExecutionType, PayloadType } from '../../src/zitadel/generated/action_v2_pb.js';
import { jwtKeysOptions, rsaPair } from '../support/publicKeys.js';
import { rejection } from '../support/openActions.js';
import { transports } from './clients.js';
import { openService } from './openService.js';

const endpoint = 'https://hook.example/';
const webhook = (interruptOnError: boolean) =>
  ({ case: 'restWebhook', value: { interruptOnError } }) as const;
const seconds = (count: number) => ({ seconds: BigInt(count), nanos: 0 });

async function failure(promise: Promise<unknown>): Promise<ConnectError> {
  const error = await rejection(promise);
  if (error instanceof ConnectError) return error;
  throw error;
}

for (const [name, open] of Object.entries(transports))
  describe(`the life cycle of targets and executions, by ${name}`, () => {
    it('runs through version 2: every type, keys, rotation, every condition', async () => {
      const service = await openService({ jwtKeys: jwtKeysOptions() });
      const client = createClient(ActionService, open(service, 'all'));
      const created = await client.createTarget({
        name: 'order policy',
        endpoint,
        targetType: webhook(true),
        timeout: { seconds: 1n, nanos: 500_000 },
      });
      expect(created.signingKey).to.match(/^whsec_/);
      const { target } = await client.getTarget({ id: created.id });
      expect(target).to.deep.include({
        id: created.id,
        name: 'order policy',
        endpoint,
        signingKey: '',
        payloadType: PayloadType.JSON,
        creationDate: created.creationDate,
        changeDate: created.creationDate,
      });
      expect(target?.timeout).to.include({ seconds: 1n, nanos: 500_000 });
      expect(target?.targetType).to.have.nested.property('value.interruptOnError', true);

      const untouched = await client.updateTarget({ id: created.id, name: 'order policy' });
      expect(untouched.changeDate).to.deep.equal(created.creationDate);
      expect(untouched.signingKey).to.equal(undefined);
      const rotated = await client.updateTarget({
        id: created.id,
        targetType: { case: 'restAsync', value: {} },
        payloadType: PayloadType.JWE,
        expirationSigningKey: seconds(0),
      });
      expect(rotated.signingKey)
        .to.match(/^whsec_/)
        .and.not.equal(created.signingKey);
      const changed = (await client.getTarget({ id: created.id })).target;
      expect(changed?.targetType.case).to.equal('restAsync');
      expect(changed?.payloadType).to.equal(PayloadType.JWE);
      expect(changed?.changeDate).to.deep.equal(rotated.changeDate);

      const publicKey = new TextEncoder().encode(rsaPair().pem.trim());
      const key = await client.addPublicKey({ targetId: created.id, publicKey });
      expect((await client.addPublicKey({ targetId: created.id, publicKey })).keyId).to.equal(key.keyId);
      const which = { targetId: created.id, keyId: key.keyId };
      const activated = await client.activatePublicKey(which);
      const listed = await client.listPublicKeys({
        targetId: created.id,
        filters: [{ filter: { case: 'activeFilter', value: true } }],
      });
      expect(listed.pagination).to.include({ totalResult: 1n, appliedLimit: 100n });
      expect(listed.publicKeys[0]).to.deep.include({
        keyId: key.keyId,
        active: true,
        creationDate: key.creationDate,
        changeDate: activated.changeDate,
      });
      expect(listed.publicKeys[0]?.fingerprint).to.match(/^SHA256:[A-Za-z0-9+/]{43}$/);
      expect(Buffer.from(listed.publicKeys[0]?.publicKey ?? []).equals(publicKey)).to.equal(true);
      expect((await failure(client.removePublicKey(which))).code).to.equal(Code.FailedPrecondition);
      await client.deactivatePublicKey(which);
      expect((await client.removePublicKey(which)).deletionDate).not.to.equal(undefined);
      expect((await client.listPublicKeys({ targetId: created.id })).publicKeys).to.deep.equal([]);

      const conditions = [
        { case: 'request', value: { condition: { case: 'method', value: '/orders.v1.Orders/Place' } } },
        { case: 'request', value: { condition: { case: 'service', value: 'orders.v1.Orders' } } },
        { case: 'response', value: { condition: { case: 'all', value: true } } },
        { case: 'function', value: { name: 'preuserinfo' } },
        { case: 'event', value: { condition: { case: 'event', value: 'order.placed' } } },
        { case: 'event', value: { condition: { case: 'group', value: 'order' } } },
        { case: 'event', value: { condition: { case: 'all', value: true } } },
      ] as const;
      const dates = new Map<string, unknown>();
      for (const conditionType of conditions) {
        const { setDate } = await client.setExecution({
          condition: { conditionType },
          targets: [created.id],
        });
        dates.set(JSON.stringify(conditionType), setDate);
        const again = await client.setExecution({ condition: { conditionType }, targets: [created.id] });
        expect(again.setDate).to.deep.equal(setDate);
      }
      const { executions } = await client.listExecutions({ pagination: { asc: true } });
      expect(executions).to.have.length(conditions.length);
      for (const execution of executions) expect(execution.targets).to.deep.equal([created.id]);
      const events = await client.listExecutions({
        filters: [
          { filter: { case: 'executionTypeFilter', value: { executionType: ExecutionType.EVENT } } },
          { filter: { case: 'targetFilter', value: { targetId: created.id } } },
        ],
      });
      expect(events.executions).to.have.length(3);
      await client.setExecution({ condition: { conditionType: conditions[0] }, targets: [] });
      expect((await client.listExecutions({})).executions).to.have.length(conditions.length - 1);

      const { deletionDate } = await client.deleteTarget({ id: created.id });
      expect(deletionDate).not.to.equal(undefined);
      expect((await client.deleteTarget({ id: created.id })).deletionDate).to.deep.equal(deletionDate);
      expect((await client.listExecutions({})).executions).to.deep.equal([]);
      expect((await client.deleteTarget({ id: 'never' })).deletionDate).to.equal(undefined);
    });

    it('runs through version 2 beta with the descriptor that ZITADEL publishes', async () => {
      const service = await openService();
      const client = createClientFor(PublishedService)(open(service, 'all'));
      const created = await client.createTarget({
        name: 'crm',
        endpoint,
        targetType: { case: 'restCall', value: { interruptOnError: true } },
        timeout: seconds(10),
      });
      const { target } = await client.getTarget({ id: created.id });
      expect(target).to.deep.include({
        id: created.id,
        name: 'crm',
        endpoint,
        creationDate: created.creationDate,
      });
      expect(target).not.to.have.property('$unknown');
      const conditionType = { case: 'function', value: { name: 'preaccesstoken' } } as const;
      await client.setExecution({ condition: { conditionType }, targets: [created.id] });
      const { executions, pagination } = await client.listExecutions({});
      expect(pagination).to.include({ totalResult: 1n, appliedLimit: 1_000n });
      expect(executions[0]?.condition?.conditionType).to.deep.include({ case: 'function' });
      const { targets } = await client.listTargets({
        filters: [
          {
            filter: {
              case: 'targetNameFilter',
              value: { targetName: 'CR', method: TextFilterMethod.STARTS_WITH_IGNORE_CASE },
            },
          },
        ],
      });
      expect(targets.map(({ id }) => id)).to.deep.equal([created.id]);
      expect((await client.deleteTarget({ id: created.id })).deletionDate).not.to.equal(undefined);
      expect(await client.listExecutionFunctions({})).to.deep.include({ functions: [] });
    });

    it('fails with the errors of ZITADEL', async () => {
      const service = await openService();
      const client = createClient(ActionService, open(service, 'all'));
      const reader = createClient(ActionService, open(service, 'reader'));
      const stranger = createClient(ActionService, open(service, 'unknown'));
      const target = { name: 'crm', endpoint, targetType: webhook(false) } as const;
      const condition = {
        conditionType: { case: 'event', value: { condition: { case: 'event', value: 'a' } } },
      } as const;
      await client.createTarget(target);
      const cases: readonly (readonly [code: Code, call: () => Promise<unknown>, message?: string])[] = [
        [Code.Unauthenticated, () => stranger.listTargets({})],
        [Code.Unauthenticated, () => stranger.listExecutionMethods({})],
        [Code.PermissionDenied, () => reader.createTarget(target)],
        [
          Code.NotFound,
          () => client.getTarget({ id: 'never' }),
          'Errors.Target.NotFound (COMMAND-xj14f2cccn)',
        ],
        [Code.NotFound, () => client.updateTarget({ id: 'never', name: 'x' })],
        [Code.NotFound, () => client.setExecution({ condition, targets: ['never'] })],
        [
          Code.AlreadyExists,
          () => client.createTarget({ ...target, name: 'CRM' }),
          'Errors.Target.AlreadyExists (V3-DKcYh)',
        ],
        [Code.InvalidArgument, () => client.createTarget({ ...target, name: '' })],
        [Code.InvalidArgument, () => client.createTarget({ ...target, timeout: seconds(0) })],
        [Code.InvalidArgument, () => client.createTarget({ ...target, timeout: seconds(271) })],
        [Code.InvalidArgument, () => client.createTarget({ name: 'x', endpoint })],
        [
          Code.InvalidArgument,
          () => client.createTarget({ ...target, name: 'x', endpoint: 'http://127.0.0.1/' }),
          'Errors.Target.DeniedURL (COMMAND-NcJUKo)',
        ],
        [
          Code.InvalidArgument,
          () => client.createTarget({ ...target, name: 'x', payloadType: PayloadType.JWT }),
        ],
        [Code.InvalidArgument, () => client.listTargets({ pagination: { limit: 1_001 } })],
        [Code.InvalidArgument, () => client.listTargets({ filters: [{}] })],
        [Code.InvalidArgument, () => client.setExecution({ targets: [] })],
        [Code.InvalidArgument, () => client.setExecution({ condition, targets: ['a', 'a'] })],
      ];
      for (const [code, call, message] of cases) {
        const error = await failure(call());
        expect(error.code, error.message).to.equal(code);
        if (message !== undefined) expect(error.rawMessage).to.equal(message);
        const [detail] = error.findDetails(ErrorDetailSchema);
        expect(detail?.id, error.message).to.match(/^[A-Z0-9]+-\w+$/i);
        expect(error.rawMessage.includes(`(${detail?.id ?? ''})`) || code === Code.InvalidArgument).to.equal(
          true,
        );
      }
      await reader.listTargets({});
    });
  });
