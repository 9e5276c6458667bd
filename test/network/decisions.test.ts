import { expect } from 'chai';

import { createNetworkPolicy } from '../../src/network/networkPolicy.js';
import type { NetworkPolicyOptions } from '../../src/network/networkPolicyOptions.js';

interface Case {
  readonly policy: NetworkPolicyOptions;
  readonly allows?: readonly string[];
  readonly refuses?: Readonly<Record<string, string>>;
}

const cases: Readonly<Record<string, Case>> = {
  'a block lifts the address rule': {
    policy: { allow: ['10.0.0.0/8', 'fd00::/8'] },
    allows: ['http://10.1.2.3/', 'http://10.1.2.3:8080/', 'http://[fd00::1]/'],
    refuses: {
      'http://11.0.0.1:22/': 'port',
      'http://192.168.0.1/': 'private',
      'http://10.1.2.3:22/': 'port',
    },
  },
  'an address with a port opens that port and lifts the rule there only': {
    policy: { allow: ['10.0.0.5:22', '[fd00::5]:8443', '8.8.8.8:53'] },
    allows: [
      'http://10.0.0.5:22/',
      'https://[fd00::5]:8443/',
      'https://[fd00:0::5]:8443/',
      'http://8.8.8.8:53/',
    ],
    refuses: {
      'http://10.0.0.5/': 'private',
      'http://10.0.0.5:8080/': 'private',
      'http://10.0.0.6:22/': 'port',
      'https://[fd00::5]/': 'private',
      'http://8.8.8.8:54/': 'port',
    },
  },
  'a name lifts the rule for its name': {
    policy: { allow: ['localhost', 'Policy.Internal:8080', 'example.com:25'] },
    allows: [
      'http://localhost:3000/',
      'http://LOCALHOST:3000/',
      'http://policy.internal:8080/',
      'http://example.com:25/',
      'http://example.com/',
    ],
    refuses: {
      'http://127.0.0.1:3000/': 'loopback',
      'http://sub.localhost/': 'local-name',
      'http://policy.internal:8081/': 'local-name',
      'http://example.com:26/': 'port',
    },
  },
  'a suffix covers subdomains and not itself': {
    policy: { allow: ['*.svc.cluster.local', '*.example.org:81'] },
    allows: ['http://policy.ns.svc.cluster.local/', 'http://a.b.example.org:81/'],
    refuses: {
      'http://svc.cluster.local/': 'local-name',
      'http://evilsvc.cluster.local/': 'local-name',
      'http://example.org:81/': 'port',
    },
  },
  'a block does not cover names': {
    policy: { allow: ['127.0.0.0/8', '0.0.0.0/0', '::/0'] },
    allows: ['http://127.0.0.1/', 'http://[::1]/', 'http://192.168.0.1/'],
    refuses: { 'http://localhost/': 'local-name', 'http://server/': 'local-name' },
  },
  'metadata is opened by nothing but its own name or address': {
    policy: {
      allow: [
        '0.0.0.0/0',
        '::/0',
        '169.254.0.0/16',
        '168.63.129.0/24',
        '169.254.169.254/31',
        '*.internal',
        '*.google.internal',
      ],
    },
    refuses: {
      'http://169.254.169.254/': 'metadata',
      'http://168.63.129.16/': 'metadata',
      'http://100.100.100.200/': 'metadata',
      'http://[fd00:ec2::254]/': 'metadata',
      'http://metadata.google.internal/': 'metadata',
    },
    allows: ['http://169.254.169.1/', 'http://other.google.internal/'],
  },
  'metadata named exactly': {
    policy: {
      allow: [
        '169.254.169.254',
        '168.63.129.16/32',
        'fd00:ec2::254/128',
        'metadata.google.internal',
        '100.100.100.200:80',
      ],
    },
    allows: [
      'http://169.254.169.254/',
      'http://168.63.129.16/',
      'http://[fd00:ec2::254]/',
      'http://metadata.google.internal/',
      'http://100.100.100.200/',
    ],
    refuses: { 'http://100.100.100.200:8080/': 'metadata', 'http://169.254.170.2/': 'metadata' },
  },
  'IPv4 entries and wide IPv6 blocks do not cover IPv6 forms that embed IPv4': {
    policy: { allow: ['127.0.0.0/8', '127.0.0.1', '0.0.0.0/0', '::/0', '2000::/3'] },
    refuses: {
      'http://[::ffff:127.0.0.1]/': 'embedded-ipv4',
      'http://[::ffff:8.8.8.8]/': 'embedded-ipv4',
      'http://[64:ff9b::7f00:1]/': 'embedded-ipv4',
      'http://[2002:7f00:1::]/': 'embedded-ipv4',
      'http://[2001:0:7f00:1::]/': 'embedded-ipv4',
    },
  },
  'a translation prefix that is named judges what it embeds as well': {
    policy: { allow: ['64:ff9b::/96', '2002::/16'] },
    allows: ['http://[64:ff9b::8.8.8.8]/', 'http://[2002:808:808::1]/'],
    refuses: {
      'http://[64:ff9b::127.0.0.1]/': 'loopback',
      'http://[64:ff9b::10.0.0.1]/': 'private',
      'http://[64:ff9b::169.254.169.254]/': 'metadata',
      'http://[64:ff9b::168.63.129.16]/': 'metadata',
      'http://[2002:a9fe:a9fe::1]/': 'metadata',
      'http://[64:ff9b:1::8.8.8.8]/': 'embedded-ipv4',
    },
  },
  'deny covers what an embedded address stands for': {
    policy: { allow: ['64:ff9b::/96'], deny: ['8.8.8.0/24'] },
    allows: ['http://[64:ff9b::1.1.1.1]/'],
    refuses: { 'http://[64:ff9b::8.8.8.8]/': 'deny', 'http://8.8.8.8/': 'deny' },
  },
  'deny beats allow': {
    policy: {
      allow: ['10.0.0.0/8', 'a.internal', '*.b.internal', '10.0.0.9:22', '169.254.169.254'],
      deny: [
        '10.0.0.0/24',
        'a.internal',
        'x.b.internal',
        '169.254.169.254',
        '*.evil.example',
        'evil.example:8443',
      ],
    },
    allows: ['http://10.0.1.1/', 'http://y.b.internal/', 'https://evil.example/'],
    refuses: {
      'http://10.0.0.1/': 'deny',
      'http://10.0.0.9:22/': 'deny',
      'http://a.internal/': 'deny',
      'http://x.b.internal/': 'deny',
      'http://169.254.169.254/': 'deny',
      'https://sub.evil.example/': 'deny',
      'https://evil.example:8443/': 'deny',
    },
  },
  'everything denied': {
    policy: { deny: ['0.0.0.0/0', '::/0'] },
    allows: ['https://example.com/'],
    refuses: { 'https://8.8.8.8/': 'deny', 'https://[2606:4700::1111]/': 'deny' },
  },
  'https only': {
    policy: { httpsOnly: true, allow: ['10.0.0.5', 'localhost:80'] },
    allows: ['https://example.com/', 'https://10.0.0.5/'],
    refuses: {
      'http://example.com/': 'https-only',
      'http://10.0.0.5/': 'https-only',
      'http://localhost:80/': 'https-only',
    },
  },
  'allow never lifts the syntax rules': {
    policy: { allow: ['127.0.0.0/8', '127.0.0.1:80', '0.0.0.0/0', 'localhost', '*.localhost', '*.com'] },
    refuses: {
      'http://127.1/': 'numeric-host',
      'http://2130706433/': 'numeric-host',
      'http://0x7f.0.0.1/': 'numeric-host',
      'http://127.0.0.1./': 'numeric-host',
      'http://localhost./': 'host',
      'http://user@localhost/': 'user-info',
      'http://localhost/#x': 'fragment',
      'ftp://localhost/': 'scheme',
    },
  },
};

describe('decisions of a network policy', () => {
  for (const [name, { policy, allows = [], refuses = {} }] of Object.entries(cases)) {
    it(name, () => {
      const judged = createNetworkPolicy(policy);
      for (const endpoint of allows)
        expect(judged.explain(endpoint, 'default'), endpoint).to.include({ allowed: true });
      for (const [endpoint, rule] of Object.entries(refuses))
        expect(judged.explain(endpoint, 'default'), endpoint).to.include({ allowed: false, rule });
    });
  }
});
