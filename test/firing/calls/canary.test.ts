import { expect } from 'chai';
import { createActions, createKeyring } from '../../../src/index.js';
import type { CallReport } from '../../../src/index.js';
import { expectNoSecret, spellings } from '../../support/canaries.js';
import { closeAfterTest } from '../../support/closings.js';
import { withDeadline } from '../../support/deadlines.js';
import { openActions, rejection, type OpenedActions } from '../../support/openActions.js';
import type { Script } from '../../support/targetServer.js';

const canaries = {
  header: 'CANARY-HEADER-8412',
  query: 'CANARY-QUERY-2291',
  answer: 'CANARY-ANSWER-5530',
  content: 'CANARY-CONTENT-1177',
};
const event = { type: 'order.placed', data: { note: canaries.content } };

const target = {
  path: `/hook?token=${canaries.query}`,
  headers: { authorization: `Bearer ${canaries.header}` },
  type: 'requestResponse',
  interruptOnError: true,
} as const;

const failures: Readonly<Record<string, Script>> = {
  'an error status': { status: 500, body: canaries.answer },
  'a redirect': { status: 302, headers: { location: `/x?${canaries.answer}` } },
  'bad JSON': { body: canaries.answer },
  'a wrong kind': { body: JSON.stringify(canaries.answer) },
  'a wrong type': { body: canaries.answer, headers: { 'content-type': `text/${canaries.answer}` } },
  'a verdict that is none': { body: JSON.stringify({ forwardedErrorMessage: canaries.answer }) },
  'a reset': 'reset',
  silence: 'never',
  'no HTTP': (_call, _response, socket) => {
    socket.end(`${canaries.answer}\r\n`);
    return undefined;
  },
};

const keyring = createKeyring({ activeKeyID: 'k', keys: { k: Buffer.alloc(32, 9) } });

describe('no secret is told', () => {
  for (const ring of ['plaintext', keyring] as const)
    for (const [name, script] of Object.entries(failures))
      it(`by the error and the report of ${name} (${ring === 'plaintext' ? ring : 'encrypted'})`, async () => {
        await withDeadline(async (deadlineMs) => {
          const { call, guarded, reports } = await openActions({
            keyring: ring,
            limits: { budgetMs: 120_000 },
          });
          const timeoutMs = script === 'never' ? deadlineMs : 200_000;
          const [endpoint] = await call({ event: { all: true } }, { ...target, script, timeoutMs });
          const error = await rejection(guarded.append('order-1', [event]));
          expect(error).to.include({ code: 'TARGET_INTERRUPTED' });
          const [received] = endpoint?.server.received ?? [];
          if (script === 'never' && received === undefined) return false;
          // The call had the secrets, so the report could have shown them.
          expect(received?.headers['authorization']).to.contain(canaries.header);
          expectNoSecret(
            [error, ...reports],
            [...Object.values(canaries), ...spellings(endpoint?.signingKey ?? '')],
          );
          return true;
        });
      });

  it('by a verdict that repeats a header of the call, whole, as the token alone, or where the message is cut', async () => {
    const { call, guarded, reports } = await openActions();
    const [endpoint] = await call({ event: { all: true } }, target);
    const hidden = /^no: (Bearer )?[*]{3}$/;
    const sent = (message: string) => {
      const body = JSON.stringify({ forwardedStatusCode: 403, forwardedErrorMessage: message });
      endpoint?.server.answer({ body });
      return rejection(guarded.append('order-1', [event]));
    };
    const { header } = canaries;
    for (const echo of [`Bearer ${header}`, header, header.split('').join('\u200b')]) {
      const error = await sent(`no: ${echo}`);
      expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 403 });
      expect((error as Error).message).to.match(hidden);
      expectNoSecret([error, ...reports], [header]);
    }
    // The limit of a message is 1 000 bytes.
    const cut = await sent('x'.repeat(990) + header);
    expectNoSecret([cut, ...reports], [header.slice(0, 8)]);
  });

  it('by a connection refused, an address refused, content too large, a spent budget, a secret that does not open', async () => {
    const errors: unknown[] = [];
    const told: (readonly CallReport[])[] = [];
    const secrets: string[] = Object.values(canaries);
    const opened = async (
      options: Parameters<typeof openActions>[0],
      script: Script = {},
    ): Promise<OpenedActions> => {
      const opening = await openActions({ keyring, ...options });
      const [endpoint] = await opening.call({ event: { all: true } }, { ...target, script });
      secrets.push(...spellings(endpoint?.signingKey ?? ''));
      told.push(opening.reports);
      return opening;
    };
    const fail = async ({ guarded }: OpenedActions) => {
      errors.push(await rejection(guarded.append('order-1', [event])));
    };
    const refused = await opened({});
    await refused.actions.network.change({});
    await fail(refused);
    await fail(await opened({ limits: { contentBytes: 10 } }));
    await fail(await opened({ limits: { budgetMs: 20 } }, 'never'));
    const stale = await opened({});
    const other = await createActions({
      eventStore: stale.store,
      keyring: createKeyring({ activeKeyID: 'k', keys: { k: Buffer.alloc(32, 8) } }),
    });
    closeAfterTest(() => other.close());
    await fail({ ...stale, guarded: other.intercept(stale.store) });

    expect(
      errors.map(
        (error) => (error as { reason?: string; code: string }).reason ?? (error as { code: string }).code,
      ),
    ).to.deep.equal(['address-refused', 'content-too-large', 'DEADLINE_EXCEEDED', 'secret-unreadable']);
    expect(told.flat().map(({ verdict }) => verdict)).to.deep.equal(['failed', 'failed', 'failed']);
    expectNoSecret([...errors, ...told.flat()], secrets);
  });

  it('by refused input', async () => {
    const { actions } = await openActions({ keyring });
    const secret = 'CANARY-INPUT-3391';
    const webhook = { name: 'policy', type: 'webhook', endpoint: 'https://policy.example/' } as const;
    const errors: unknown[] = [];
    for (const input of [
      { ...webhook, endpoint: `https://user:${secret}@policy.example/` },
      { ...webhook, endpoint: `ftp://policy.example/?${secret}` },
      { ...webhook, endpoint: `http://127.0.0.1/?${secret}` },
      { ...webhook, endpoint: `://${secret}` },
      { ...webhook, headers: { 'x-key': `${secret}\r\nx: y` } },
      { ...webhook, headers: { host: secret } },
      { ...webhook, headers: { 'x-key': [secret] as unknown as string } },
      { ...webhook, timeoutMs: secret as unknown as number },
    ])
      errors.push(await rejection(actions.targets.add(input)));
    expect(errors.map((error) => (error as { code: string }).code)).to.deep.equal(
      errors.map(() => 'INVALID_ARGUMENT'),
    );
    expectNoSecret(errors, [secret]);
  });

  it('by lists, health, explanations, or the inspected objects themselves', async () => {
    for (const ring of ['plaintext', keyring] as const) {
      const { actions, call, guarded } = await openActions({ keyring: ring });
      const [endpoint] = await call({ event: { all: true } }, target);
      const { id, signingKey } = endpoint ?? { id: '', signingKey: '' };
      await guarded.append('order-1', [event]);
      const rotated = await actions.targets.rotateSigningKey(id, { graceMs: 60_000 });
      const views = [await actions.targets.get(id), await actions.targets.list()];
      expect(views[0]).to.deep.include({ headers: { authorization: '***' } });
      const keys = [...spellings(signingKey), ...spellings(rotated.signingKey)];
      expectNoSecret(views, [canaries.header, ...keys]);
      expectNoSecret(
        [
          actions,
          actions.targets,
          actions.executions,
          actions.network,
          actions.health(),
          actions.explain({ event: 'a.b' }),
        ],
        [...Object.values(canaries), ...keys],
      );
    }
  });

  it('by stored events, when a keyring encrypts the secrets', async () => {
    const { call, store } = await openActions({ keyring });
    const [endpoint] = await call({ event: { all: true } }, target);
    const stop = new AbortController();
    const events: unknown[] = [];
    for await (const message of store.subscribe({ signal: stop.signal })) {
      if ('caughtUp' in message) break;
      events.push(message);
    }
    expect(events.length).to.be.above(2);
    expectNoSecret(events, [canaries.header, ...spellings(endpoint?.signingKey ?? '')]);
  });
});
