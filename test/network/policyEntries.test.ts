import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { createNetworkPolicy } from '../../src/network/networkPolicy.js';
import type { NetworkPolicyOptions } from '../../src/network/networkPolicyOptions.js';

const invalidEntries: readonly unknown[] = [
  '',
  ' ',
  '*',
  '*.',
  '*.*.example',
  'a.*.example',
  '*example.com',
  'exa mple.com',
  'example.com.',
  '.example.com',
  'example..com',
  'http://example.com',
  'example.com/path',
  'user@example.com',
  'example.com:0',
  'example.com:65536',
  'example.com:http',
  'example.com:080',
  'example.com:',
  ':8080',
  '10.0.0.1/8',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '10.0.0.0/',
  '/8',
  '10.0.0.0/8/8',
  '10.0.0.0/8:8080',
  '10/8',
  '127.1',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '127.0.0.1.',
  '256.1.1.1',
  'example.0x10',
  '[10.0.0.1]',
  '[::1',
  '::1]',
  '[::1]:0',
  'fe80::1%eth0',
  'fe80::/129',
  'fe80::1/10',
  'bücher.example',
  'exa_mple.com',
  `${'a'.repeat(64)}.example`,
  'a'.repeat(400),
  5,
  null,
  undefined,
  {},
  ['10.0.0.0/8'],
];

const invalidOptions: readonly unknown[] = [
  null,
  5,
  'default',
  [],
  { allow: '10.0.0.0/8' },
  { deny: {} },
  { httpsOnly: 'yes' },
  { httpsonly: true },
  { allowed: [] },
  { lookup: {} },
  { connect: 'x' },
];

const shown = (entry: unknown) => (JSON.stringify(entry) as string | undefined)?.slice(0, 40) ?? 'undefined';

describe('entries of a network policy', () => {
  for (const entry of invalidEntries) {
    it(`are refused: ${shown(entry)}`, () => {
      for (const list of ['allow', 'deny']) {
        expect(() => createNetworkPolicy({ [list]: [entry] }))
          .to.throw(InvalidArgumentError, `network.${list}`)
          .with.property('rule', 'policy-entry');
      }
    });
  }

  for (const options of invalidOptions) {
    it(`options are refused: ${JSON.stringify(options)}`, () => {
      expect(() => createNetworkPolicy(options as NetworkPolicyOptions)).to.throw(InvalidArgumentError);
    });
  }

  it('names the entry that denies', () => {
    const policy = createNetworkPolicy({ deny: ['*.evil.example'] });
    expect(policy.explain('https://a.evil.example/', 'default').message).to.contain(
      "network.deny '*.evil.example'",
    );
  });
});

describe('a network policy for each instance', () => {
  it('judges each instance by its own policy, asks for the policy once, and shares rules between instances that share options', () => {
    const asked: string[] = [];
    const common = { allow: ['10.0.0.0/8'] };
    const policy = createNetworkPolicy((instanceID) => {
      asked.push(instanceID);
      return instanceID === 'strict' ? {} : common;
    });
    expect(policy.explain('http://10.0.0.1/', 'one')).to.include({ allowed: true });
    expect(policy.explain('http://10.0.0.1/', 'strict')).to.include({ allowed: false, rule: 'private' });
    expect(policy.explain('http://10.0.0.1/', 'two')).to.include({ allowed: true });
    expect(policy.explain('http://10.0.0.1/', 'two')).to.include({ allowed: true });
    expect(asked).to.deep.equal(['one', 'strict', 'two']);
    expect(policy.rulesOf('one')).to.equal(policy.rulesOf('two'));
  });

  it('changes whole or not at all', () => {
    const policy = createNetworkPolicy({ allow: ['10.0.0.0/8'] });
    let changes = 0;
    const stop = policy.onChange(() => (changes += 1));
    expect(() => {
      policy.change({ allow: ['nonsense/'] });
    }).to.throw(InvalidArgumentError);
    expect(policy.explain('http://10.0.0.1/', 'default')).to.include({ allowed: true });
    expect(changes).to.equal(0);
    policy.change({});
    expect(policy.explain('http://10.0.0.1/', 'default')).to.include({ allowed: false, rule: 'private' });
    expect(changes).to.equal(1);
    stop();
    policy.change({});
    expect(changes).to.equal(1);
  });
});
