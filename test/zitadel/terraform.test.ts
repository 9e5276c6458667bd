import { expect } from 'chai';
import { createActions, eighteenDigitIDs, type EventStore } from '../../src/index.js';
import { createActionService } from '../../src/zitadel/index.js';
import { createServer as createHttp2Server } from 'node:http2';
import { closeAfterTest } from '../support/closings.js';
import { openStore } from '../support/openActions.js';
import { authenticate, openService } from './openService.js';
import { listen } from '../support/listen.js';
import { clientOf } from './clients.js';

type Client = ReturnType<typeof clientOf>;
type SetRequest = Parameters<Client['setExecution']>[0];
type WireCondition = NonNullable<NonNullable<SetRequest['condition']>['conditionType']>;

/** A process over the store, as its own server. */
async function processOver(eventStore: EventStore): Promise<Client> {
  const actions = await createActions({
    eventStore,
    keyring: 'plaintext',
    generateTargetID: eighteenDigitIDs(),
  });
  closeAfterTest(() => actions.close());
  const port = await listen(createHttp2Server(createActionService(actions, { authenticate }).handler));
  const h2 = `http://127.0.0.1:${port}`;
  return clientOf({ actions, h1: '', h2 }, 'all', 'gRPC of @zitadel/client');
}

/** Every form of a condition that the provider writes, as it stands in its state. */
const conditions: readonly WireCondition[] = [
  { case: 'request', value: { condition: { case: 'method', value: '/orders.v1.Orders/Place' } } },
  { case: 'request', value: { condition: { case: 'service', value: 'orders.v1.Orders' } } },
  { case: 'request', value: { condition: { case: 'all', value: true } } },
  { case: 'response', value: { condition: { case: 'method', value: '/orders.v1.Orders/Place' } } },
  { case: 'response', value: { condition: { case: 'service', value: 'orders.v1.Orders' } } },
  { case: 'response', value: { condition: { case: 'all', value: true } } },
  { case: 'event', value: { condition: { case: 'event', value: 'user.human.added' } } },
  { case: 'event', value: { condition: { case: 'group', value: 'user.human' } } },
  { case: 'event', value: { condition: { case: 'all', value: true } } },
  { case: 'function', value: { name: 'preuserinfo' } },
  { case: 'function', value: { name: 'preaccesstoken' } },
  { case: 'function', value: { name: 'presamlresponse' } },
];

/** What the provider compares when it plans: the condition without what the runtime adds. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each: unknown) => (key.startsWith('$') ? undefined : each)));

describe('the Terraform provider', () => {
  it('plans no change right after its own write, for targets and every form of a condition', async () => {
    const store = await openStore('sqlite');
    const [writer, reader] = [await processOver(store), await processOver(store)];
    const { id } = await writer.createTarget({
      name: 'ip_allow_list',
      endpoint: 'https://example.com/hooks/ip_check',
      targetType: { case: 'restWebhook', value: { interruptOnError: true } },
      timeout: { seconds: 10n },
    });
    expect(id).to.match(/^\d{18}$/);
    const { target } = await reader.getTarget({ id });
    expect(target?.timeout?.seconds).to.equal(10n);
    const written = await writer.updateTarget({
      id,
      name: target?.name ?? '',
      endpoint: target?.endpoint ?? '',
      targetType: target?.targetType as never,
      timeout: target?.timeout as never,
      payloadType: target?.payloadType ?? 0,
    });
    expect(written.changeDate).to.deep.equal(target?.changeDate);

    for (const conditionType of conditions)
      await writer.setExecution({ condition: { conditionType }, targets: [id] });
    const { executions } = await writer.listExecutions({});
    expect(executions.map(({ condition }) => plain(condition?.conditionType))).to.have.deep.members([
      ...conditions,
    ]);
    for (const { condition, targets, changeDate } of executions) {
      const { setDate } = await writer.setExecution({ condition: condition as never, targets });
      expect(setDate).to.deep.equal(changeDate);
    }
  });

  it('reads all of 150 executions on the first page of a list without a limit', async () => {
    const client = await processOver(await openStore('memory'));
    const { id } = await client.createTarget({
      name: 'audit',
      endpoint: 'https://example.com/',
      targetType: { case: 'restAsync', value: {} },
    });
    for (let number = 0; number < 150; number++)
      await client.setExecution({
        condition: {
          conditionType: { case: 'event', value: { condition: { case: 'event', value: `order.${number}` } } },
        },
        targets: [id],
      });
    const { executions, pagination } = await client.listExecutions({});
    expect(executions).to.have.length(150);
    expect(pagination).to.include({ totalResult: 150n, appliedLimit: 1_000n });
  });

  it('writes the expanded list of an include back, and keeps the include', async () => {
    const service = await openService();
    const client = clientOf(service);
    const { targets, executions } = service.actions;
    const add = async (name: string) =>
      (await targets.add({ name, type: 'webhook', endpoint: 'https://example.com/' })).id;
    const [veto, audit] = [await add('veto'), await add('audit')];
    const all = { event: { all: true } } as const;
    const placed = { event: { event: 'order.placed' } } as const;
    await executions.set(all, [veto]);
    await executions.set(placed, [audit, { include: all }]);
    const shown = async () =>
      (
        await client.listExecutions({
          filters: [{ filter: { case: 'targetFilter', value: { targetId: veto } } }],
        })
      ).executions;
    expect((await shown()).map((each) => each.targets)).to.have.deep.members([[veto], [audit, veto]]);
    const condition = {
      conditionType: { case: 'event', value: { condition: { case: 'event', value: 'order.placed' } } },
    } as const;
    await client.setExecution({ condition, targets: [audit, veto] });
    expect((await executions.get(placed)).targets).to.deep.equal([audit, { include: all }]);
    await client.setExecution({ condition, targets: [veto, audit] });
    expect((await executions.get(placed)).targets).to.deep.equal([veto, audit]);
  });

  it('acts as the user that the token names, in his instance', async () => {
    const service = await openService();
    const { id } = await clientOf(service, 'elsewhere').createTarget({
      name: 'crm',
      endpoint: 'https://example.com/',
      targetType: { case: 'restAsync', value: {} },
    });
    expect((await clientOf(service).listTargets({})).targets).to.deep.equal([]);
    expect(
      (await service.actions.runAs({ instanceID: 'elsewhere' }, () => service.actions.targets.get(id))).name,
    ).to.equal('crm');
  });
});
