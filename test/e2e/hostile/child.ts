import { pathToFileURL } from 'node:url';
import { isActionsError } from '../../../src/errors.js';
import type { GrowingInputs, Growth } from './growing.js';

const [file = ''] = process.argv.slice(2);
const { inputs } = (await import(pathToFileURL(file).href)) as { readonly inputs: GrowingInputs };

async function take(action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!isActionsError(error)) throw error;
  }
}

/** The cost of `action`: milliseconds of CPU, and bytes by which the peak of the memory rises. */
async function measure(action: () => unknown): Promise<readonly [cpuMs: number, bytes: number]> {
  globalThis.gc?.();
  const before = process.resourceUsage().maxRSS;
  const cpu = process.cpuUsage();
  await take(action);
  const { user, system } = process.cpuUsage(cpu);
  return [(user + system) / 1_000, (process.resourceUsage().maxRSS - before) * 1_024];
}

/** How often a cost is measured again: more often where only the load of the machine may keep it from being linear. */
const runsOf = (times: number): number => (times <= 4 ? 0 : times <= 6 ? 3 : 12);

for (const [name, { n, prepare }] of Object.entries(inputs)) {
  // Warm up, so that neither measurement includes compilation.
  await take(prepare(Math.ceil(n / 50)));
  const [onceMs, onceBytes] = await measure(prepare(n));
  const [firstMs, fourBytes] = await measure(prepare(4 * n));
  let fourMs = firstMs;
  // Take the least of several runs, which is free of other load of the machine.
  for (let again = 0; again < runsOf(fourMs / onceMs); again += 1)
    fourMs = Math.min(fourMs, (await measure(prepare(4 * n)))[0]);
  const growth: Growth = { name, cpuMs: [onceMs, fourMs], bytes: [onceBytes, fourBytes] };
  process.stdout.write(`${JSON.stringify(growth)}\n`);
}
