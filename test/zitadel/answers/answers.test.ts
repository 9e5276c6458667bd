import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { flowFunctions, isActionsError, logClaimName } from '../../../src/index.js';
import { bodies } from '../../support/answers.js';
import { openActions, rejection, type OpenedActions } from '../../support/openActions.js';
import { calledBy, type AnswerRow, type Kind, type Outcome } from './answerRow.js';
import { answerRows, answerTable } from './answerRows.js';
import { openConnect } from '../../integrations/connectServer.js';
import { openGrpc } from '../../integrations/grpcServer.js';
import { asGo } from './goAnswer.js';
import { asZitadel } from './asZitadel.js';

const keep = (kept: unknown[]) => (message: object) => {
  kept.push({ ...message });
  return {};
};

const method = '/shop.v1.Shop/Buy';
const before = { content: 'before' };
const functions = Object.values(flowFunctions);

const conditions = {
  request: { request: { method } },
  function: { function: { name: 'preuserinfo' } },
  event: { event: { event: 'shop.bought' } },
} as const;

/** The outcome of the operation: its content, compared with the initial one. */
const operations: Readonly<Record<Kind, (opened: OpenedActions) => Promise<Outcome>>> = {
  async request({ actions }) {
    const now = await actions.request(method, before);
    return JSON.stringify(now) === JSON.stringify(before) ? 'unchanged' : 'content';
  },
  async function({ actions }) {
    const { claims } = await actions.function(flowFunctions.preuserinfo, { userinfo: { sub: 'ann' } });
    return Object.keys(claims).length === 1 ? 'unchanged' : 'content';
  },
  async event({ guarded, read }) {
    await guarded.append('shop-1', [{ type: 'shop.bought', data: before }]);
    const [stored] = await read('shop-1');
    return JSON.stringify(stored?.data) === JSON.stringify(before) ? 'unchanged' : 'content';
  },
};

/** The parts of the answer that an error might show. */
const saidBy = ({ body = '' }: AnswerRow['answer']): readonly string[] =>
  Array.from(body.matchAll(/"forwardedErrorMessage":"([^"]+)"/g), ([, text = '']) => text).concat(
    body.length < 100 ? [body.trim()] : [],
  );

async function judged(row: AnswerRow, interruptOnError: boolean): Promise<Outcome> {
  const opened = await openActions({ functions });
  const { kind = 'request', type = 'requestResponse', answer } = row;
  const settings = { type, script: asGo(answer), ...(type !== 'async' && { interruptOnError }) };
  await opened.call(conditions[kind], settings);
  try {
    return await operations[kind](opened);
  } catch (error) {
    if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
    const said = saidBy(answer).find((text) => text !== '' && error.message.includes(text));
    const shown = said === undefined ? '' : ` "${said}"`;
    if (error.status !== 412) return `${error.status}${shown}`;
    expect(error.grpcCode, 'FAILED_PRECONDITION').to.equal(9);
    return `error${shown}`;
  }
}

describe('an answer of a target that was written for ZITADEL', () => {
  for (const row of answerRows) {
    const title = `${calledBy(row)}: ${row.what}`;
    it(`${title}: ${row.here}`, async () => {
      expect(await judged(row, true)).to.equal(row.here);
      // Without the flag no answer stops anything, in either system.
      const stops = row.here !== 'content' && row.here !== 'unchanged';
      expect(await judged(row, false), 'without interruptOnError').to.equal(stops ? 'unchanged' : row.here);
    });

    it(`${title}: as ZITADEL judges it`, () => {
      expect(asZitadel(row)).to.equal(row.zitadel);
      expect(row.why !== undefined, 'a difference has a reason').to.equal(row.zitadel !== row.here);
    });
  }

  it('is listed in the guide, in both columns', () => {
    const [, section = ''] = readFileSync('docs/guides/zitadel.md', 'utf8').split('## Answers of targets');
    const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
    const cells = lines.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(cells.slice(2)).to.deep.equal(answerTable);
  });
});

describe("an endpoint of ZITADEL's documentation", () => {
  it('that adds claims, metadata and log lines to a token', async () => {
    const { actions, call } = await openActions({ functions });
    const body =
      '{"set_user_metadata":[{"key":"key","value":"dmFsdWU="}],"append_claims":[{"key":"claim","value":"value"}],' +
      '"append_log_claims":["log1","log2","log3"]}';
    await call(conditions.function, {
      type: 'requestResponse',
      interruptOnError: true,
      script: asGo({ body }),
    });
    const { claims, metadata } = await actions.function(flowFunctions.preuserinfo, {});
    expect(claims).to.deep.equal({
      claim: 'value',
      'urn:zitadel:iam:action:function/preuserinfo:log': ['log1', 'log2', 'log3'],
    });
    expect(logClaimName('preuserinfo')).to.equal('urn:zitadel:iam:action:function/preuserinfo:log');
    expect(metadata).to.deep.equal([{ key: 'key', value: 'dmFsdWU=' }]);
  });

  for (const name of ['preuserinfo', 'preaccesstoken', 'presamlresponse'] as const)
    it(`that reads what newer versions send to ${name}`, async () => {
      const { actions, call } = await openActions({ functions });
      const [target] = await call({ function: { name } }, { script: asGo({}) });
      const payload = {
        userinfo: { sub: 'ann' },
        actor: { user_id: 'bob', issuer: 'https://issuer.example', actor: { user_id: 'carl' } },
        request: { scope: ['openid'] },
        application: { client_id: 'app' },
      };
      await actions.function(name, payload);
      expect(target && bodies(target.server)[0]).to.deep.equal({
        function: `function/${name}`,
        instanceID: 'default',
        ...payload,
      });
    });

  it('that decodes a whole call, and answers its request with metadata added', async () => {
    const { actions, call } = await openActions();
    await call(conditions.request, {
      type: 'requestResponse',
      interruptOnError: true,
      script: (received, ...rest) => {
        const { request } = JSON.parse(received.body) as { readonly request: object };
        const metadata = [{ key: 'organization', value: 'Y29tcGFueQ==' }];
        const answer = asGo({ body: JSON.stringify({ ...request, metadata }) });
        return typeof answer === 'function' ? answer(received, ...rest) : undefined;
      },
    });
    expect(await actions.request(method, before)).to.deep.equal({
      ...before,
      metadata: [{ key: 'organization', value: 'Y29tcGFueQ==' }],
    });
  });

  it('that marshals a message by encoding/json, with the names of its proto file, through gRPC and Connect', async () => {
    const orders = { request: { method: '/orders.v1.OrderService/PlaceOrder' } };
    const body = '{"item":"book","quantity":1,"customer_number":12,"signature":"Y29tcGFueQ=="}';
    const handled: unknown[] = [];
    const { actions, call } = await openActions();
    await call(orders, { type: 'requestResponse', interruptOnError: true, script: asGo({ body }) });
    const connect = await openConnect(actions, { placeOrder: keep(handled) } as never, 'gRPC');
    await connect.placeOrder({ item: 'pen', quantity: 2 });
    const placeOrder = (sent: { request: object }, answer: (error: null, reply: object) => void) => {
      handled.push(sent.request);
      answer(null, {});
    };
    const grpc = await openGrpc(actions, { placeOrder }, { longs: Number, bytes: String });
    await grpc.unary('placeOrder', { item: 'pen', quantity: 2 });
    expect(handled).to.have.length(2);
    const [byConnect, byGrpc] = handled;
    const same = { item: 'book', quantity: 1 };
    expect(byConnect).to.deep.include({ ...same, customerNumber: 12n, signature: Buffer.from('company') });
    expect(byGrpc).to.deep.include({ ...same, customerNumber: 12 });
  });

  it('that marshals a nil response into null fails the call only where the target interrupts', async () => {
    const { actions, call } = await openActions();
    const script = asGo({ body: 'null' });
    await call({ response: { method } }, { type: 'requestResponse', interruptOnError: true, script });
    const error = await rejection(actions.response(method, before, { order: '1' }));
    expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.reason).to.equal('answer-invalid');
  });
});
