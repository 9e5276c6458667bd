import { expect } from 'chai';

import { dialling } from '../support/dialling.js';
import { expectFailure, withClient } from '../support/httpCall.js';
import { targetServer } from '../support/targetServer.js';
import { until } from '../support/conditions.js';

const name = 'https://hook.example/';
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => `8.8.${index >> 8}.${index & 255}`);

interface Case {
  readonly endpoint?: string;
  readonly answers?: Readonly<Record<string, readonly string[]>>;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly reason?: 'address-refused' | 'network';
  readonly rule?: string;
}

/** Endpoints that are valid as text and refused by their addresses, and literals that are refused without a lookup. */
const refused: Readonly<Record<string, Case>> = {
  'a name that leads to loopback': { answers: { 'hook.example': ['127.0.0.1'] }, rule: 'loopback' },
  'a name that leads to IPv6 loopback': { answers: { 'hook.example': ['::1'] }, rule: 'loopback' },
  'a name that leads to a private address': { answers: { 'hook.example': ['10.0.0.5'] }, rule: 'private' },
  'a name that leads to a unique local address': {
    answers: { 'hook.example': ['fd00::5'] },
    rule: 'private',
  },
  'a name that leads to metadata': { answers: { 'hook.example': ['169.254.169.254'] }, rule: 'metadata' },
  'a name that leads to the Azure host': { answers: { 'hook.example': ['168.63.129.16'] }, rule: 'metadata' },
  'a name that leads to 0.0.0.0': { answers: { 'hook.example': ['0.0.0.0'] }, rule: 'unspecified' },
  'a mapped address': { answers: { 'hook.example': ['::ffff:8.8.8.8'] }, rule: 'embedded-ipv4' },
  'a NAT64 address of loopback': { answers: { 'hook.example': ['64:ff9b::7f00:1'] }, rule: 'embedded-ipv4' },
  'one private address among public ones': {
    answers: { 'hook.example': ['8.8.8.8', '1.1.1.1', '10.0.0.5'] },
    rule: 'private',
  },
  'a private AAAA beside a public A': {
    answers: { 'hook.example': ['8.8.8.8', 'fd00::1'] },
    rule: 'private',
  },
  'a public AAAA beside a private A': {
    answers: { 'hook.example': ['2606:4700::1111', '127.0.0.1'] },
    rule: 'loopback',
  },
  'a denied address among allowed ones': {
    answers: { 'hook.example': ['8.8.8.8', '1.1.1.1'] },
    deny: ['1.1.1.1'],
    rule: 'deny',
  },
  'a name that is allowed, leading to metadata': {
    answers: { 'hook.example': ['169.254.169.254'] },
    allow: ['hook.example', '169.254.0.0/16'],
    rule: 'metadata',
  },
  'a name that is allowed, leading to a mapped address': {
    answers: { 'hook.example': ['::ffff:127.0.0.1'] },
    allow: ['hook.example', '127.0.0.0/8'],
    rule: 'embedded-ipv4',
  },
  'an allowed name, leading to a denied address': {
    answers: { 'hook.example': ['10.0.0.5'] },
    allow: ['hook.example'],
    deny: ['10.0.0.0/8'],
    rule: 'deny',
  },
  'a denied name': { answers: { 'hook.example': ['8.8.8.8'] }, deny: ['*.example'], rule: 'deny' },
  'no address at all': { answers: { 'hook.example': [] }, reason: 'network' },
  'a name that does not exist': { answers: {}, reason: 'network' },
  'five hundred addresses': { answers: { 'hook.example': many(500) }, rule: 'address' },
  'an address with a zone': { answers: { 'hook.example': ['fe80::1%eth0'] }, rule: 'address' },
  'an answer that is no address': { answers: { 'hook.example': ['localhost'] }, rule: 'address' },
  'an answer in octal': { answers: { 'hook.example': ['0177.0.0.1'] }, rule: 'address' },
  'a short answer': { answers: { 'hook.example': ['127.1'] }, rule: 'address' },
  'a literal loopback address': { endpoint: 'http://127.0.0.1:8080/', rule: 'loopback' },
  'a literal mapped address': { endpoint: 'http://[::ffff:127.0.0.1]/', rule: 'embedded-ipv4' },
  'a literal metadata address': { endpoint: 'http://169.254.169.254/', rule: 'metadata' },
  localhost: { endpoint: 'http://localhost:8080/', rule: 'local-name' },
  'a numeric host': { endpoint: 'http://2130706433/', rule: 'numeric-host' },
  'a metadata name': { endpoint: 'http://metadata.google.internal/', rule: 'metadata' },
};

describe('dialling', () => {
  for (const [
    title,
    { endpoint = name, answers = {}, reason = 'address-refused', rule, ...policy },
  ] of Object.entries(refused)) {
    it(`dials nothing: ${title}`, async () => {
      const dial = dialling(answers);
      await withClient({ ...policy, ...dial.options }, async ({ failure }) => {
        expectFailure(await failure(endpoint), reason, rule);
        dial.assertNothingWasDialled();
        if (endpoint !== name) expect(dial.resolved).to.deep.equal([]);
      });
    });
  }

  it('judges a name again each time the name is dialled, so that rebinding has no effect', async () => {
    const server = await targetServer({ headers: { connection: 'close' } });
    const dial = dialling(
      { 'hook.example': [['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8', '127.0.0.1']] },
      server.port,
    );
    try {
      await withClient(dial.options, async ({ post, failure }) => {
        expect(await post('http://hook.example/')).to.include({ status: 200 });
        expectFailure(await failure('http://hook.example/'), 'address-refused', 'loopback');
        expectFailure(await failure('http://hook.example/'), 'address-refused', 'loopback');
        expect(dial.resolved).to.have.length(3);
        expect(dial.dialled.map(({ host }) => host)).to.deep.equal(['8.8.8.8']);
        expect(server.received).to.have.length(1);
      });
    } finally {
      await server.close();
    }
  });

  it('dials the address that was judged, not the name again, and sends the name as host', async () => {
    const server = await targetServer();
    const dial = dialling({ 'hook.example': ['8.8.8.8', '2606:4700::1111'] }, server.port);
    try {
      await withClient(dial.options, async ({ post }) => {
        await post('http://Hook.Example:8080/Path?q=1');
        await post('http://Hook.Example:8080/Path?q=1');
        expect(dial.dialled).to.deep.equal([
          { host: '8.8.8.8', port: 8080, family: 4, name: 'hook.example' },
        ]);
        expect(dial.resolved).to.deep.equal(['hook.example']);
        expect(server.received[0]?.headers.host).to.equal('hook.example:8080');
        expect(server.received[0]?.path).to.equal('/Path?q=1');
      });
    } finally {
      await server.close();
    }
  });

  it('dials literals without a lookup', async () => {
    const server = await targetServer();
    const dial = dialling({}, server.port);
    try {
      await withClient(dial.options, async ({ post }) => {
        await post('http://8.8.8.8/');
        await post('http://[2606:4700::1111]:8080/');
        expect(dial.resolved).to.deep.equal([]);
        expect(dial.dialled.map(({ host, port, family }) => ({ host, port, family }))).to.deep.equal([
          { host: '8.8.8.8', port: 80, family: 4 },
          { host: '2606:4700::1111', port: 8080, family: 6 },
        ]);
        expect(server.received.map(({ headers }) => headers.host)).to.deep.equal([
          '8.8.8.8',
          '[2606:4700::1111]:8080',
        ]);
      });
    } finally {
      await server.close();
    }
  });

  it('asks once for calls that wait for the same name, and a bounded number at once', async () => {
    const server = await targetServer();
    const pending: (() => void)[] = [];
    const asked: string[] = [];
    const dial = dialling({}, server.port);
    const lookup: typeof dial.options.lookup = (asking, _options, callback) => {
      asked.push(asking);
      pending.push(() => {
        callback(null, [{ address: '8.8.8.8', family: 4 }]);
      });
    };
    try {
      await withClient({ ...dial.options, lookup }, async ({ post }) => {
        const calls = ['a', 'a', 'a', 'b', 'c', 'd', 'e'].map((host) => post(`http://${host}.example/`));
        await until(() => pending.length >= 3);
        await new Promise((resolve) => setImmediate(resolve));
        expect(asked).to.deep.equal(['a.example', 'b.example', 'c.example']);
        let served = 0;
        while (served < 5) {
          pending.shift()?.();
          served += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const answer of await Promise.all(calls)) expect(answer.status).to.equal(200);
        expect(asked).to.deep.equal(['a.example', 'b.example', 'c.example', 'd.example', 'e.example']);
      });
    } finally {
      await server.close();
    }
  });
});
