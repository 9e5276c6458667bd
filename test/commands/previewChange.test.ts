import { expect } from 'chai';
import { memoryEventStore } from '../../src/stores/memory.js';
import { aTarget, countEvents, openCommands } from '../support/openCommands.js';
import { rejection } from '../support/openActions.js';

const headers = { 'x-token': 'one', 'x-tenant': 'two' };

async function openTarget() {
  const store = memoryEventStore();
  const { targets, index } = openCommands(store);
  const { id } = await targets.add({ ...aTarget('crm'), headers });
  const valuesOf = () =>
    Object.fromEntries(
      Object.entries(index.instance('default').target(id)!.headers).map(([name, { value }]) => [name, value]),
    );
  return { store, targets, id, valuesOf };
}

describe('a change of a target', () => {
  it('is previewed by the fields that would really change, header by header, and nothing is written', async () => {
    const { store, targets, id } = await openTarget();
    const before = await countEvents(store);
    const preview = (change: object) => targets.previewChange(id, change);
    expect(await preview({ timeoutMs: 10_000, headers })).to.deep.equal([]);
    expect(
      await preview({ timeoutMs: 5, name: 'crm', headers: { ...headers, 'x-token': 'other' } }),
    ).to.deep.equal(['timeoutMs', 'headers.x-token']);
    expect(await preview({ headers: { 'x-tenant': null, 'x-new': '1' } })).to.deep.equal([
      'headers.x-token',
      'headers.x-new',
    ]);
    expect(await countEvents(store)).to.equal(before);
  });

  it('is refused by the preview as by the change itself', async () => {
    const { targets, id } = await openTarget();
    for (const change of [
      { timeoutMs: 0 },
      { type: 'async', interruptOnError: true },
      { headers: { 'x-new': null } },
    ])
      expect(await rejection(targets.previewChange(id, change as never))).to.include({
        code: 'INVALID_ARGUMENT',
      });
    expect(await rejection(targets.previewChange('missing', {}))).to.include({
      code: 'TARGET_NOT_FOUND',
      message: 'there is no target with the id "missing" in this instance; list the targets to see their ids',
    });
  });

  it('keeps a header value that is null, and sets the others', async () => {
    const { store, targets, id, valuesOf } = await openTarget();
    await targets.change(id, { headers: { 'x-tenant': null, 'x-new': '3' } });
    expect(valuesOf()).to.deep.equal({ 'x-tenant': 'two', 'x-new': '3' });
    const before = await countEvents(store);
    await targets.change(id, { headers: { 'x-new': '3', 'x-tenant': null } });
    expect(await countEvents(store), 'nothing changed').to.equal(before);
    expect(await rejection(targets.change(id, { headers: { gone: null } }))).to.include({
      code: 'INVALID_ARGUMENT',
    });
    expect(valuesOf()).to.deep.equal({ 'x-tenant': 'two', 'x-new': '3' });
  });
});
