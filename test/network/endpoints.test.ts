import { expect } from 'chai';

import { InvalidArgumentError } from '../../src/errors.js';
import { createNetworkPolicy } from '../../src/network/networkPolicy.js';
import { noDialling } from '../support/dialling.js';
import { refusedHosts } from './refusedHosts.js';
import { refusedTexts } from './refusedTexts.js';

const refused = { ...refusedTexts, ...refusedHosts };

/** Endpoints that the default policy accepts. */
const allowed = [
  'https://example.com',
  'https://example.com/',
  'http://example.com:80/hook',
  'https://example.com:443/',
  'https://example.com:1024/',
  'https://example.com:65535/',
  'https://Example.COM/Path?Query=1&a[]=2',
  'https://example.com?token=1',
  "https://example.com/a/../b;c=d,e'f(g)!*",
  'https://example.com/%C3%BC',
  'https://xn--bcher-kva.example/',
  'https://1e100.net/',
  'https://a-1.b.co/',
  'https://8.8.8.8/',
  'https://169.253.255.255/',
  'https://172.32.0.1/',
  'https://100.128.0.1/',
  'https://[2606:4700:4700::1111]/',
  'https://[2606:4700:4700:0:0:0:0:1111]:8443/x',
];

describe('endpoints under the default policy', () => {
  for (const [rule, endpoints] of Object.entries(refused)) {
    for (const endpoint of endpoints) {
      it(`refuses ${JSON.stringify(endpoint).slice(0, 70)}: ${rule}`, () => {
        const dialling = noDialling();
        const policy = createNetworkPolicy(dialling.options);
        expect(() => {
          policy.assertEndpointMayBeSaved(endpoint, 'default');
        })
          .to.throw(InvalidArgumentError)
          .with.property('rule', rule);
        expect(policy.explain(endpoint, 'default')).to.include({ allowed: false, rule });
        dialling.assertNothingWasDialled();
      });
    }
  }

  for (const endpoint of allowed) {
    it(`lets ${endpoint} be saved without resolving or dialling anything`, () => {
      const dialling = noDialling();
      const policy = createNetworkPolicy(dialling.options);
      policy.assertEndpointMayBeSaved(endpoint, 'default');
      expect(policy.explain(endpoint, 'default')).to.include({ allowed: true });
      dialling.assertNothingWasDialled();
    });
  }

  it('never repeat user info, path or query in an error', () => {
    const policy = createNetworkPolicy({ httpsOnly: true });
    const canaries = [
      'http://CANARY:CANARY@example.com/',
      'http://example.com/CANARY?CANARY',
      'https://127.0.0.1/CANARY?CANARY',
      'https://example.com:22/CANARY',
      'https://example.com/CANARY {}',
      'https://localhost/?CANARY',
      'https://example.com/#CANARY',
      'https://example.com/?CANARY',
      'https://[::CANARY]/',
    ];
    for (const endpoint of canaries) {
      expect(JSON.stringify(policy.explain(endpoint, 'default')), endpoint).not.to.contain('CANARY');
    }
  });

  it('refuses values that are no text', () => {
    const policy = createNetworkPolicy();
    for (const value of [undefined, null, 5, {}, ['https://example.com'], new URL('https://example.com')]) {
      expect(policy.explain(value as string, 'default')).to.include({ allowed: false, rule: 'length' });
    }
  });
});
