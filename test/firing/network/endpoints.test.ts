import { expect } from 'chai';

import { InvalidArgumentError } from '../../../src/errors.js';
import { createNetworkPolicy } from '../../../src/firing/networkPolicy.js';
import { noDialling } from '../../support/dialling.js';

/** What may not be saved under the default policy, by the rule that has to refuse it. */
const refused: Readonly<Record<string, readonly string[]>> = {
  length: ['', `https://example.com/${'a'.repeat(2_030)}`, `https://example.com/?${'q=1&'.repeat(10_000)}`],
  scheme: [
    '//127.0.0.1/',
    '/path',
    'example.com',
    '127.0.0.1',
    'HTTPS://example.com/',
    'Http://example.com/',
    'https:example.com',
    'https:/example.com',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'blob:https://example.com/1',
    'javascript:alert(1)',
    'ws://example.com/',
    'gopher://example.com/',
    'unix:/x.sock',
    'http+unix://%2Fx.sock/',
    '://',
    'about:blank',
  ],
  characters: [
    ' https://example.com/',
    'https://example.com/ ',
    'https://example.com/a b',
    'https://example.com/\r\nX: y',
    'https://example.com/\n',
    'https://exa\tmple.com/',
    'https://example.com/\0',
    'https://example.com/\x7f',
    'https:\\\\example.com\\',
    'https://example.com\\@127.0.0.1/',
    'https://example.com\\.evil.example/',
    'https://ⓔxample.com/',
    'https://ß.example/',
    'https://аpple.example/',
    'https://example。com/',
    'https://example.com/ü',
    'https://１２７.0.0.1/',
    'https://example.com/\u202e',
    'https://example.com/\u00a0',
    'https://example.com/%zz',
    'https://example.com/%',
    'https://example.com/"',
    'https://example.com/<a>',
    'https://example.com/{a}',
    'https://example.com/?a|b',
    'https://example.com/\ud800',
  ],
  fragment: [
    'https://example.com/#',
    'https://example.com/#a',
    'http://example.com#@127.0.0.1/',
    'https://example.com/?a#b',
  ],
  'user-info': [
    'http://user:pass@example.com/',
    'http://user@example.com/',
    'http://:pass@example.com/',
    'http://@example.com/',
    'http://example.com@127.0.0.1/',
    'http://example.com%40127.0.0.1@example.com/',
    'http://127.0.0.1:80@example.com/',
  ],
  host: [
    'http://',
    'http:///',
    'http:///path',
    'https://?q',
    'http://:80/',
    'http://example.com:/',
    'http://example.com:80:80/',
    'http://example.com:-1/',
    'http://example.com:8o/',
    'http://example.com:+80/',
    'http://example.com:123456/',
    'http://[::1/',
    'http://::1/',
    'http://[]/',
    'http://[:]/',
    'http://[::1]x/',
    'http://x[::1]/',
    'http://[127.0.0.1]/',
    'http://[fe80::1%eth0]/',
    'http://[fe80::1%25eth0]/',
    'http://[v1.a]/',
    'http://[::ffff:0177.0.0.1]/',
    'http://[1:2:3:4:5:6:7:8:9]/',
    'http://example.com./',
    'http://LOCALHOST./',
    'http://localhost./',
    'http://.example.com/',
    'http://example..com/',
    'http://-example.com/',
    'http://example-.com/',
    'http://exa_mple.com/',
    'http://exa%6dple.com/',
    'http://exa!mple.com/',
    'http://*.example.com/',
    'http://xn--/',
    'http://xn--a.example/',
    `http://${'a'.repeat(64)}.example/`,
    `http://${'a.'.repeat(126)}example/`,
    'http://example.com,127.0.0.1/',
    'http://example.com;127.0.0.1/',
    'http://example.com&127.0.0.1/',
  ],
  'numeric-host': [
    'http://127.1/',
    'http://127.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0X7F.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://0/',
    'http://0x/',
    'http://256.256.256.256/',
    'http://1.2.3.4.5/',
    'http://08.0.0.1/',
    'http://01.1.1.1/',
    'http://1.1.1.01/',
    'http://8.8.8/',
    'http://8.8/',
    'http://134744072/',
    'http://0x08080808/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://example.com.0x7f/',
    'http://example.123/',
    'http://1.1.1.999/',
  ],
  port: [
    'http://example.com:0/',
    'http://example.com:22/',
    'http://example.com:25/',
    'http://example.com:81/',
    'http://example.com:1023/',
    'http://example.com:080/',
    'http://example.com:00443/',
    'http://example.com:65536/',
    'http://example.com:99999/',
    'https://8.8.8.8:53/',
    'https://[2606:4700::1111]:22/',
  ],
  'local-name': [
    'http://localhost/',
    'http://LocalHost/',
    'http://foo.localhost/',
    'http://localhost.localdomain/',
    'http://server/',
    'http://kubernetes/',
    'http://kubernetes.default.svc.cluster.local/',
    'http://printer.local/',
    'http://db.internal/',
    'http://host.docker.internal:8080/',
    'http://router.home.arpa/',
    'http://nas.lan/',
    'http://wiki.corp/',
  ],
  metadata: [
    'http://metadata.google.internal/',
    'http://METADATA.google.internal/computeMetadata/v1/',
    'http://metadata/',
    'http://metadata.goog/',
    'http://instance-data.ec2.internal/',
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.170.2/v2/credentials',
    'http://169.254.170.23/',
    'http://100.100.100.200/',
    'http://192.0.0.192/',
    'http://168.63.129.16/',
    'http://[fd00:ec2::254]/',
    'http://[fd00:ec2:0:0:0:0:0:254]/',
    'http://[fd20:ce::254]/',
  ],
  unspecified: ['http://0.0.0.0/', 'http://0.1.2.3/', 'http://[::]/', 'http://[0:0:0:0:0:0:0:0]/'],
  loopback: [
    'http://127.0.0.1/',
    'http://127.255.255.254:8080/',
    'https://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
  ],
  private: [
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://[fc00::1]/',
    'http://[fd12:3456::1]/',
    'http://[fec0::1]/',
  ],
  'link-local': ['http://169.254.1.1/', 'http://[fe80::1]/', 'http://[febf::1]/'],
  shared: ['http://100.64.0.1/', 'http://100.127.255.255/'],
  multicast: ['http://224.0.0.1/', 'http://239.255.255.250/', 'http://[ff02::1]/'],
  broadcast: ['http://255.255.255.255/'],
  documentation: [
    'http://192.0.2.1/',
    'http://198.51.100.7/',
    'http://203.0.113.9/',
    'http://[2001:db8::1]/',
    'http://[3fff::1]/',
  ],
  benchmarking: ['http://198.18.0.1/', 'http://198.19.255.255/', 'http://[2001:2::1]/'],
  reserved: [
    'http://192.0.0.1/',
    'http://192.88.99.1/',
    'http://240.0.0.1/',
    'http://192.31.196.1/',
    'http://192.52.193.1/',
    'http://192.175.48.1/',
    'http://[100::1]/',
    'http://[5f00::1]/',
    'http://[2001:10::1]/',
    'http://[2001:20::1]/',
    'http://[4000::1]/',
    'http://[2620:4f:8000::1]/',
  ],
  'embedded-ipv4': [
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[0:0:0:0:0:ffff:0808:0808]/',
    'http://[::7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b::8.8.8.8]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:808:808::1]/',
    'http://[2001:0:7f00:1::]/',
    'http://[2606:4700::5efe:10.0.0.1]/',
    'http://[2606:4700::200:5efe:a00:1]/',
  ],
};

/** What is fine under the default policy. */
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

  it('never repeats user info, path or query in what it says', () => {
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

  it('refuses what is not text', () => {
    const policy = createNetworkPolicy();
    for (const value of [undefined, null, 5, {}, ['https://example.com'], new URL('https://example.com')]) {
      expect(policy.explain(value as string, 'default')).to.include({ allowed: false, rule: 'length' });
    }
  });
});
