import { expect } from 'chai';
import { flowFunctions, isActionsError, logClaimName } from '../../src/index.js';
import { golden, goldenCaller } from '../integrations/payloads.js';
import { bodies, json } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const functions = Object.values(flowFunctions);
const named = (name: keyof typeof flowFunctions) => ({ function: { name } });
const metadata = [{ key: 'team', value: 'YW5hbHlzaXM=' }];

describe('the functions of the four flows', () => {
  it('are nine, by the names of ZITADEL', async () => {
    const { actions } = await openActions({ functions });
    expect(actions.catalogue().functions).to.deep.equal(Object.keys(flowFunctions).sort());
    expect(functions.length).to.equal(9);
  });

  it('send the golden payload', async () => {
    const { actions, call } = await openActions({ functions });
    const [target] = await actions.runAs({ instanceID: 'tenant-1' }, () => call(named('preaccesstoken'), {}));
    const { userinfo, user, user_metadata, org, user_grants } = JSON.parse(golden('function')) as Record<
      string,
      never
    >;
    await actions.runAs(goldenCaller, () =>
      actions.function('preaccesstoken', { org, user_grants, userinfo, user_metadata, user }),
    );
    expect(target?.server.received.map(({ body }) => body)).to.deep.equal([golden('function')]);
  });

  for (const name of ['preuserinfo', 'preaccesstoken'] as const)
    describe(name, () => {
      const complement = flowFunctions[name];

      it('appends claims, never over a claim that exists, and skips reserved claims', async () => {
        const { actions, call } = await openActions({ functions });
        await call(named(name), {
          ...asked,
          script: json({
            append_claims: [
              { key: 'team', value: ['analysis'] },
              { key: 'sub', value: 'another user' },
              { key: 'team', value: 'again' },
              { key: 'urn:zitadel:iam:user:roles', value: 'admin' },
            ],
            append_log_claims: ['looked up the team'],
            set_user_metadata: metadata,
          }),
        });
        expect(await actions.function(complement, { userinfo: { sub: 'user-1' } })).to.deep.equal({
          claims: {
            sub: 'user-1',
            team: ['analysis'],
            [`urn:zitadel:iam:action:function/${name}:log`]: [
              'key "sub" already exists',
              'key "team" already exists',
              'looked up the team',
            ],
          },
          metadata,
        });
        expect(logClaimName(name)).to.equal(`urn:zitadel:iam:action:function/${name}:log`);
      });

      it('reads answers as ZITADEL does: unknown names, null and a status of 0 change nothing', async () => {
        const { actions, call } = await openActions({ functions });
        const claim = { key: 'a', value: { b: null } };
        const answers = [
          json({ append_claims: [{ ...claim, more: 1 }], append_claim: [], more: { a: 1 } }),
          json({ append_claims: null, append_log_claims: null, set_user_metadata: null }),
          json(null),
          json({ forwardedStatusCode: 0, append_log_claims: ['log'] }),
          json({ forwardedStatusCode: 0, forwardedErrorMessage: '' }),
        ];
        const targets = await call(named(name), ...answers.map((script) => ({ ...asked, script })), {
          ...asked,
          type: 'webhook',
          script: json({ forwardedStatusCode: 0 }),
        } as const);
        const result = await actions.function(complement, {});
        expect(result).to.deep.equal({
          claims: { a: { b: null }, [logClaimName(name)]: ['log'] },
          metadata: [],
        });
        const shown = targets.map(({ server }) => bodies(server)[0]?.['response']);
        expect(shown).to.deep.equal([
          undefined,
          { append_claims: [claim] },
          { append_claims: [claim] },
          { append_claims: [claim] },
          { append_claims: [claim], append_log_claims: ['log'] },
          { append_claims: [claim], append_log_claims: ['log'] },
        ]);
      });

      for (const wrong of [
        { forwardedStatusCode: 0, forwardedErrorMessage: 'no' },
        { forwardedErrorMessage: 'no' },
        { forwardedStatusCode: 200 },
      ])
        it(`reads ${JSON.stringify(wrong)} as an error`, async () => {
          const { actions, call } = await openActions({ functions });
          await call(named(name), { ...asked, script: json(wrong) });
          const error = await rejection(actions.function(complement, {}));
          expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.reason).to.equal('answer-invalid');
        });

      it('lets a later answer replace the array of an earlier answer', async () => {
        const { actions, call } = await openActions({ functions });
        const [, second] = await call(
          named(name),
          {
            ...asked,
            script: json({ append_claims: [{ key: 'a', value: 1 }], append_log_claims: ['first'] }),
          },
          { ...asked, script: json({ append_claims: [{ key: 'b', value: 2 }] }) },
        );
        const { claims } = await actions.function(complement, {});
        expect(claims).to.deep.equal({ b: 2, [logClaimName(name)]: ['first'] });
        expect(second && bodies(second.server)[0]?.['response']).to.deep.equal({
          append_claims: [{ key: 'a', value: 1 }],
          append_log_claims: ['first'],
        });
      });

      it('leaves the claims unchanged where no target answers', async () => {
        const { actions } = await openActions({ functions });
        expect(await actions.function(complement, { userinfo: { sub: 'a' } })).to.deep.equal({
          claims: { sub: 'a' },
          metadata: [],
        });
      });

      for (const wrong of [
        { append_claims: [{ key: '' }] },
        { set_user_metadata: [{ key: 'team', value: 'not base64!' }] },
        { append_log_claims: [1] },
      ])
        it(`does not accept ${JSON.stringify(wrong)}`, async () => {
          const { actions, call } = await openActions({ functions });
          await call(named(name), { ...asked, script: json(wrong) });
          const error = await rejection(actions.function(complement, {}));
          expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.reason).to.equal('schema');
        });
    });

  it('append attributes to a SAML response, each name once', async () => {
    const { actions, call } = await openActions({ functions });
    const attribute = { name: 'team', name_format: 'urn:basic', value: ['analysis'] };
    await call(named('presamlresponse'), {
      ...asked,
      script: json({
        append_attribute: [attribute, { name: 'team', value: [] }],
        set_user_metadata: metadata,
      }),
    });
    expect(await actions.function(flowFunctions.presamlresponse, { user: { id: 'a' } })).to.deep.equal({
      attributes: [attribute],
      metadata,
      log: ['key "team" already exists'],
    });
  });

  const user = { id: 'user-1', username: 'ada', first_name: 'Ada' };
  for (const name of [
    'internalauthentication.precreation',
    'externalauthentication.precreation',
    'externalauthentication.postauthentication',
  ] as const)
    it(`let ${name} set fields of the user`, async () => {
      const { actions, call } = await openActions({ functions });
      await call(named(name), {
        ...asked,
        script: json({
          set_user: { first_name: 'Augusta', email: 'ada@example.com' },
          set_user_metadata: metadata,
        }),
      });
      expect(await actions.function(flowFunctions[name], { user, org: { id: 'org-1' } })).to.deep.equal({
        user: { ...user, first_name: 'Augusta', email: 'ada@example.com' },
        metadata,
      });
      await call(named(name), { ...asked, script: json({ set_user: { id: 'user-2', first_name: null } }) });
      expect(await actions.function(flowFunctions[name], { user })).to.deep.equal({ user, metadata: [] });
      await call(named(name), { ...asked, script: json({ set_user: { email_verified: 'yes' } }) });
      expect(
        isActionsError(await rejection(actions.function(name, { user })), 'TARGET_INTERRUPTED'),
      ).to.equal(true);
    });

  for (const name of ['internalauthentication.postcreation', 'externalauthentication.postcreation'] as const)
    it(`let ${name} append grants`, async () => {
      const { actions, call } = await openActions({ functions });
      const userGrants = [{ project_id: 'project-1', roles: ['reader'] }];
      await call(named(name), { ...asked, script: json({ append_user_grants: userGrants }) });
      expect(await actions.function(flowFunctions[name], { user })).to.deep.equal({
        userGrants,
        metadata: [],
      });
    });

  it('let internal post-authentication set metadata, and nothing else', async () => {
    const name = 'internalauthentication.postauthentication';
    const { actions, call } = await openActions({ functions });
    const [target] = await call(named(name), { ...asked, script: json({ set_user_metadata: metadata }) });
    const payload = { user, auth_error: 'wrong password', tokens: { access_token: 'secret' } };
    expect(await actions.function(flowFunctions[name], payload)).to.deep.equal({ metadata });
    // Fields that the definition does not name are sent as the host gave them.
    expect(target && bodies(target.server)[0]).to.deep.equal({
      function: `function/${name}`,
      instanceID: 'default',
      user,
      auth_error: 'wrong password',
      tokens: { access_token: 'secret' },
    });
  });
});

describe('the payload of an event', () => {
  it('equals the golden payload', async () => {
    const { actions, guarded, call } = await openActions({ now: () => Date.UTC(2024, 0, 1, 1, 1, 1) });
    const [target] = await actions.runAs({ instanceID: 'tenant-1' }, () =>
      call({ event: { event: 'order.placed' } }, {}),
    );
    await actions.runAs({ ...goldenCaller, fullMethod: '/orders.v1.OrderService/PlaceOrder' }, () =>
      guarded.append(
        'order-1',
        [
          {
            id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
            type: 'order.placed',
            data: { item: 'book', quantity: 2 },
          },
        ],
        { expectedVersion: 'no-stream' },
      ),
    );
    expect(target?.server.received.map(({ body }) => body)).to.deep.equal([golden('event')]);
  });
});
