import { readFileSync } from 'node:fs';

interface ZitadelVector {
  readonly key: string;
  readonly t: number;
  readonly body: string;
  readonly v1: string;
}

interface StandardVector {
  readonly secret: string;
  readonly id: string;
  readonly t: number;
  readonly body: string;
  readonly v1: string;
}

const vectors = JSON.parse(readFileSync(new URL('../vectors/signatures.json', import.meta.url), 'utf8')) as {
  readonly zitadel: readonly ZitadelVector[];
  readonly standardWebhooks: readonly StandardVector[];
};

/** Published ones and some with an empty body, an empty time and text beyond ASCII. */
export const zitadelVectors: readonly ZitadelVector[] = [
  ...vectors.zitadel,
  {
    key: 'key',
    t: 1614265330,
    body: '{"test": 2432232314}',
    v1: 'e072942fa4edb85c6ffa1c52b27567eb3d1cdc7d03704cdd5ad5487eefb4b2f3',
  },
  {
    key: 'signingKey',
    t: 0,
    body: '',
    v1: 'a078d982731e4ab8cbed3cf7f639ac48a261036cd569a246168d3c03b6c9124f',
  },
  {
    key: 'sk_test_ü',
    t: 1700000000,
    body: '{"a":"é"}',
    v1: 'dae88b886dbb35702fd5de45b8018980bd3e9dc37872fb1b7e26f9748e6584c4',
  },
];

export const standardVectors = vectors.standardWebhooks;

/** The vectors that Svix publishes for ed25519. */
export const ed25519Vector = {
  privateKey: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  publicKey: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  t: 1614265330,
  body: '{"test": 2432232314}',
  v1a: 'hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
} as const;
