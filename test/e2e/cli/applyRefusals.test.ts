import { expect } from 'chai';
import { openApply } from './openApply.js';

describe('apply of a wrong file', () => {
  /** Declarations that are refused whole. */
  const refused: readonly (readonly [what: string, text: string, says: string])[] = [
    ['text that is no YAML', 'targets: [', 'stdin:'],
    [
      'a name twice',
      'targets:\n  a: { type: webhook, endpoint: "https://a.example/" }\n  a: {}\n',
      'stdin:3',
    ],
    [
      'names that differ in case only',
      'targets:\n  a: { type: webhook, endpoint: "https://a.example/" }\n  A: { type: webhook, endpoint: "https://a.example/" }\n',
      'twice',
    ],
    [
      'an unknown field',
      'targets:\n  a:\n    type: webhook\n    endpoint: https://a.example/\n    retries: 3\n',
      'stdin:3: targets.a',
    ],
    ['an unknown section', 'rules: []\n', 'rules'],
    [
      'a duration without a unit',
      'targets:\n  a:\n    type: webhook\n    endpoint: https://a.example/\n    timeout: 20\n',
      'stdin:5: targets.a.timeout',
    ],
    [
      'an async target that interrupts',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", interruptOnError: true }\n',
      'cannot interrupt',
    ],
    [
      'a secret in the file',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", headers: { x: abc } }\n',
      'targets.a.headers.x',
    ],
    [
      'a variable that is not set',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", headers: { x: { env: NOPE } } }\n',
      'NOPE',
    ],
    [
      'a value to keep where there is none',
      'targets:\n  a: { type: async, endpoint: "https://a.example/", headers: { x: } }\n',
      'no stored value',
    ],
    [
      'an endpoint that the network policy refuses',
      'targets:\n  a: { type: async, endpoint: "http://10.0.0.1/" }\n',
      'the endpoint of target "a"',
    ],
    ...(
      [
        [
          'a pause of a target that is not durable',
          'a',
          'type: async, paused: true',
          'paused is for durable',
        ],
        ['an order of a target that is not durable', 'a', 'type: async, order: none', 'order is for durable'],
        ['a durable webhook', 'a', 'type: webhook, delivery: durable', "delivery 'durable' is for async"],
        ['a reserved header', 'a', 'type: async, headers: { host: { env: POLICY_TOKEN } }', 'header "host"'],
        [
          'a jwt payload without keys',
          'a',
          'type: async, payloadType: jwt',
          "payloadType 'jwt' needs --jwt-keys <path>",
        ],
        ['a blank name', ' ', 'type: async', 'the target'],
      ] as const
    ).map(
      ([what, name, settings, says]) =>
        [
          what,
          `targets:\n  "${name}": { endpoint: "https://a.example/", ${settings} }\n`,
          `stdin: the target "${name}": ${says}`,
        ] as const,
    ),
    ['a target that is nowhere', 'executions:\n  event: [missing]\n', 'neither declared nor stored'],
    [
      'an include of nothing',
      'executions:\n  event: [{ include: event/a.* }]\n',
      'neither declared nor stored',
    ],
    [
      'a circle',
      'executions:\n  event: [{ include: event/a.* }]\n  event/a.*: [{ include: event }]\n',
      'circle',
    ],
    [
      'a chain that is too long',
      'executions:\n  event: [{ include: event/a.* }]\n  event/a.*: [{ include: event/b.* }]\n  event/b.*: [{ include: event/c.* }]\n  event/c.*: []\n',
      'at most 3',
    ],
    [
      'the same entry twice',
      'executions:\n  event: [{ include: event/a.* }, { include: event/a.* }]\n  event/a.*: []\n',
      'twice',
    ],
    ['a condition that is none', 'executions:\n  events/a: []\n', 'not an execution id'],
  ];

  for (const [what, text, says] of refused)
    it(`refuses ${what} before anything is written`, async () => {
      const { apply, read } = await openApply();
      const good = 'z: { type: webhook, endpoint: "https://z.example/" }';
      const withGood = text.includes('targets:\n')
        ? text.replace('targets:\n', `targets:\n  ${good}\n`)
        : text;
      const shifted = says.replace(
        /^stdin:(\d+)/,
        (_line, line: string) => `stdin:${Number(line) + (withGood === text ? 0 : 1)}`,
      );
      for (const flags of [[], ['--dry-run']]) {
        const { status, stderr } = await apply(withGood, ...flags);
        expect(status).to.equal(1);
        expect(stderr).to.include(shifted);
        expect(stderr).to.include('nothing was written').and.not.include('wrote');
      }
      await apply('{}');
      expect(await read('targets', 'list')).to.include({ total: 0 });
      expect(await read('executions', 'list')).to.include({ total: 0 });
    });
});
