/** Takes the pictures of docs/guides/console.md: `npm run docs:pictures`. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { createConsoleOf } from '../../../src/console/console.js';
import {
  createActions,
  createDeliveries,
  memoryDeliveryStore,
  memoryEventStore,
} from '../../../src/index.js';
import { refusal } from '../../support/answers.js';
import { targetServer } from '../../support/targetServer.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { smallPicture } from './smallPicture.js';

const images = 'docs/guides/images';
const folder = temporaryFolder();
const closings: (() => unknown)[] = [folder.remove];

/** A small shop with a few hundred calls. */
async function openShop() {
  const [policy, screening, crm] = [
    await targetServer((call) =>
      call.body.includes('"total":7,')
        ? refusal(403, 'the customer is blocked')
        : { delayMs: 4, ...(call.body.includes('"total":5,') && { body: '{"total":5,"checked":true}' }) },
    ),
    await targetServer({ delayMs: 9 }),
    await targetServer({ status: 400 }),
  ];
  closings.push(policy.close, screening.close, crm.close);
  const eventStore = memoryEventStore();
  const allow = [policy.allow, screening.allow, crm.allow];
  const actions = await createActions({ eventStore, keyring: 'plaintext', network: { allow } });
  closings.push(() => actions.close());
  const deliveries = createDeliveries({ actions, store: memoryDeliveryStore() });
  const worker = await deliveries.work({ retry: { permanentAttempts: 1, firstDelayMs: 5 } });
  closings.push(() => worker.stop());
  const { id: order } = await actions.targets.add({
    name: 'order policy',
    type: 'requestResponse',
    endpoint: policy.url('/orders'),
    timeoutMs: 2_000,
    interruptOnError: true,
    headers: { 'x-api-key': 'secret' },
  });
  const { id: fraud } = await actions.targets.add({
    name: 'fraud screening',
    type: 'webhook',
    endpoint: screening.url('/screen'),
    enforcement: 'observe',
  });
  const { id: sync } = await actions.targets.add({
    name: 'crm sync',
    type: 'async',
    delivery: 'durable',
    endpoint: crm.url('/events'),
  });
  const set = actions.executions.set;
  await set({ event: { all: true } }, [fraud]);
  await set({ event: { group: 'order' } }, [order, { include: { event: { all: true } } }]);
  await set({ event: { event: 'order.shipped' } }, [sync]);
  await set({ event: { event: 'order.noted' } }, []);
  await set({ request: { service: 'orders.v1.OrderService' } }, [order]);
  await set({ function: { name: 'preaccesstoken' } }, [fraud]);
  const store = actions.intercept(eventStore);
  for (let number = 0; number < 60; number += 1)
    await store
      .append(`order-${number}`, [{ type: 'order.placed', data: { total: number % 11, sku: 'A-1' } }])
      .catch(() => undefined);
  for (let number = 0; number < 3; number += 1)
    await store.append(`order-${number}`, [{ type: 'order.shipped', data: { parcel: number } }]);
  await crm.whenReceived(3);
  return { actions, deliveries, order };
}

async function whenQuiet(page: Page): Promise<void> {
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
}

try {
  mkdirSync(images, { recursive: true });
  await promisify(execFile)(process.execPath, ['.ci/console.js', folder.file('page')]);
  const { actions, deliveries, order } = await openShop();
  const permissions = ['target.read', 'target.write', 'target.delete', 'execution.read', 'execution.write'];
  const authenticate = () => ({ userID: 'ann', permissions: permissions.map((name) => `action.${name}`) });
  const served = createConsoleOf(actions, { authenticate, deliveries }, { folder: folder.file('page') });
  const server = createServer(served);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.close();
    server.closeAllConnections();
  }, served.close);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  closings.push(() => browser.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const open = async (width: number, height: number, colorScheme: 'light' | 'dark') => {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      reducedMotion: 'reduce',
    });
    return context.newPage();
  };

  const wide = await open(1_000, 640, 'light');
  const take = async (page: Page, name: string, path: string, before?: () => Promise<void>) => {
    await page.goto('about:blank');
    await page.goto(`${base}#/${path}`);
    await page.locator('h1').waitFor();
    await whenQuiet(page);
    await before?.();
    writeFileSync(`${images}/console-${name}.png`, smallPicture(await page.screenshot()));
  };
  await take(wide, 'overview', '');
  await take(wide, 'target', `targets/${order}`);
  await take(wide, 'executions', 'executions', async () => {
    for (const id of ['event', 'event/order.*'])
      await wide.getByLabel(`More specific than ${id}`, { exact: true }).click();
    await whenQuiet(wide);
  });
  await take(wide, 'explain', 'explain?kind=event&name=order.placed');
  await take(wide, 'calls', 'calls', () => wide.getByText('Live', { exact: true }).waitFor());
  await take(wide, 'deliveries', 'deliveries', () => wide.getByText('dead letter').first().waitFor());
  const phone = await open(390, 760, 'dark');
  await take(phone, 'phone', 'calls');
} finally {
  for (const close of closings.reverse()) await close();
}
