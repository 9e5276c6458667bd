import { expect } from 'chai';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createActions, isActionsError, memoryEventStore } from '../../../src/index.js';
import { closeAfterTest } from '../../support/closings.js';

const isThere = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** Starts a receiver that prints its port once it listens. */
async function start(program: string, parameters: readonly string[], signingKey: string): Promise<string> {
  const child = spawn(program, parameters, {
    env: { ...process.env, SIGNING_KEY: signingKey },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closeAfterTest(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return port;
}

/** Actions with one target for orders, whose endpoint starts once the signing key is known. */
async function open(program: string, parameters: readonly string[]) {
  const eventStore = memoryEventStore();
  const actions = await createActions({
    eventStore,
    keyring: 'plaintext',
    network: { allow: ['127.0.0.1'] },
  });
  closeAfterTest(() => actions.close());
  const { id, signingKey } = await actions.targets.add({
    name: 'policy',
    type: 'requestResponse',
    endpoint: 'http://127.0.0.1:8080/',
    interruptOnError: true,
  });
  await actions.executions.set({ event: { group: 'order' } }, [id]);
  const at = async (key: string) => {
    const port = await start(program, parameters, key);
    await actions.targets.change(id, { endpoint: `http://127.0.0.1:${port}/` });
  };
  const guarded = actions.intercept(eventStore);
  const append = async (total: number): Promise<unknown> => {
    try {
      await guarded.append(`order-${total}`, [{ type: 'order.placed', data: { total } }]);
      for await (const { data } of eventStore.readStream(`order-${total}`)) return data;
      return undefined;
    } catch (error) {
      if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
      return error.status;
    }
  };
  return { signingKey, at, append, actions };
}

describe('receivers in other languages', () => {
  it('Python verifies, amends and refuses', async () => {
    const { signingKey, at, append } = await open('python3', ['docs/examples/receivers/receiver.py', '0']);
    await at(signingKey);
    expect(await append(250)).to.deep.equal({ total: 250, reviewed: true });
    expect(await append(5_000)).to.equal(403);
  });

  it('Python rejects a call that another key signed', async () => {
    const { at, append } = await open('python3', ['docs/examples/receivers/receiver.py', '0']);
    await at('whsec_another');
    expect(await append(250)).to.equal(412);
  });

  if (isThere('javac'))
    it('Java compiles, verifies, and rejects a call that another key signed', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'java-'));
      closeAfterTest(async () => {
        rmSync(folder, { recursive: true, force: true });
      });
      execFileSync('javac', ['-d', folder, 'docs/examples/receivers/Receiver.java']);
      const first = await open('java', ['-cp', folder, 'Receiver', '0']);
      await first.at(first.signingKey);
      expect(await first.append(250)).to.deep.equal({ total: 250 });
      const other = await open('java', ['-cp', folder, 'Receiver', '0']);
      await other.at('whsec_another');
      expect(await other.append(250)).to.equal(412);
    });

  if (isThere('go'))
    it('Go compiles, verifies, amends and refuses, and rejects a call that another key signed', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'go-'));
      closeAfterTest(async () => {
        rmSync(folder, { recursive: true, force: true });
      });
      const program = join(folder, 'receiver');
      execFileSync('go', ['vet', 'docs/examples/receivers/receiver.go']);
      execFileSync('go', ['build', '-o', program, 'docs/examples/receivers/receiver.go']);
      const first = await open(program, ['0']);
      await first.at(first.signingKey);
      expect(await first.append(250)).to.deep.equal({ total: 250, reviewed: true });
      expect(await first.append(5_000)).to.equal(403);
      const other = await open(program, ['0']);
      await other.at('whsec_another');
      expect(await other.append(250)).to.equal(412);
    }).timeout(300_000);
});
