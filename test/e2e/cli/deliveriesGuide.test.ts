import { expect } from 'chai';
import { createActions, type DeliveryPage } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { codeBlocks } from '../../docs/pages.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';
import { targetServer } from '../../support/targetServer.js';
import { runHere } from './runHere.js';
import { shellWords } from './shellWords.js';

const guide = 'docs/guides/durable-delivery.md';
const config = new URL('deliveryGuideConfig.mjs', import.meta.url).pathname;

/** Replaces times and ids that are random or hashed, which differ from run to run. */
const masked = (text: string): string =>
  text
    .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '<id>')
    .replaceAll(/msg_[\w-]{24}/g, '<delivery>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '<time>')
    .replaceAll(/ +/g, ' ')
    .trimEnd();

/** The commands with an output, and their output on the page. */
function shownCommands(): readonly { readonly line: string; readonly output: string }[] {
  const blocks = codeBlocks(guide);
  return blocks.flatMap(({ language, text }, index) => {
    const next = blocks[index + 1];
    if (language !== 'sh' || next?.language !== 'text') return [];
    const line = text.trim().split('\n').at(-1) ?? '';
    return [{ line: line.replace('npx eventstore-actions ', ''), output: next.text }];
  });
}

/** The target has refused two of three orders permanently. */
async function openRefused() {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  const server = await targetServer(({ body }) => ({ status: body.includes('"order-1"') ? 200 : 400 }));
  closeAfterTest(() => server.close());
  const path = folder.file('events.db');
  const env = {
    EVENTSTORE_ACTIONS_STORE: `sqlite:${path}`,
    EVENTSTORE_ACTIONS_DELIVERIES: folder.file('deliveries.db'),
    EVENTSTORE_ACTIONS_KEYRING: 'plaintext',
    EVENTSTORE_ACTIONS_ALLOW: server.allow,
  };
  const add = ['targets', 'add', '--name', 'crm', '--type', 'async', '--delivery', 'durable', '--json'];
  const added = await runHere([...add, '--endpoint', server.url()], env);
  const { id } = JSON.parse(added.stdout) as { readonly id: string };
  await runHere(['executions', 'set', 'event/order.*', id], env);
  const store = sqliteEventStore({ path });
  const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
  for (const order of [1, 2, 3])
    await actions.intercept(store).append(`order-${order}`, [{ type: 'order.placed', data: { order } }]);
  await actions.close();
  await store.close();
  const deliver = () => runHere(['work', '--until-idle', '--config', config], env);
  await deliver();
  const listed = await runHere(['deliveries', 'list', '--stream', 'order-2', '--json'], env);
  const [letter] = (JSON.parse(listed.stdout) as DeliveryPage).items;
  return { env, server, deliver, crm: id, letter: letter?.id ?? expect.fail('nothing was given up') };
}

describe('the guide to durable delivery', () => {
  it('shows the output of its commands, and the commands act as the guide says', async () => {
    const { env, server, deliver, crm, letter } = await openRefused();
    const now = Date.now();
    const inPlaceOf: Readonly<Record<string, string>> = {
      '"$crm"': crm,
      msg_p2Yx0HkQbJr3VwTz9sLmNd4e: letter,
      '2027-01-31T12:00:00Z': new Date(now - 3_600_000).toISOString(),
      '2027-01-31T13:00:00Z': new Date(now + 3_600_000).toISOString(),
    };
    const commands = shownCommands();
    expect(commands.map(({ line }) => line.split(' ')[1])).to.deep.equal([
      'status',
      'list',
      'show',
      'replay',
      'replay',
      'discard',
    ]);
    for (const { line, output } of commands) {
      const text = Object.entries(inPlaceOf).reduce((sum, [from, to]) => sum.replaceAll(from, to), line);
      const { status, stdout } = await runHere(shellWords(text), env);
      expect(masked(stdout), line).to.equal(masked(output));
      expect(status, line).to.equal(line.includes('status') && !line.includes('--reason') ? 3 : 0);
      if (!line.includes('replay')) continue;
      // A worker that starts later carries out the requests.
      if (line.includes('--from'))
        server.answer(({ body }) => ({ status: body.includes('"order-3"') ? 400 : 200 }));
      else server.answer(({ body }) => ({ status: body.includes('"order-2"') ? 200 : 400 }));
      const before = server.received.length;
      await deliver();
      const sent = server.received.slice(before);
      expect(sent.every(({ headers }) => headers['actions-replay'] === 'true')).to.equal(true);
      expect(sent.length).to.be.at.least(line.includes('--from') ? 3 : 1);
    }
    await deliver();
    const { items } = JSON.parse(
      (await runHere(['deliveries', 'list', '--json'], env)).stdout,
    ) as DeliveryPage;
    expect(items).to.deep.equal([]);
  }).timeout(120_000);
});
