import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createCallTarget } from '../../src/firing/calls/callTarget.js';
import { eventBody, functionBody, requestBody, responseBody } from '../../src/firing/calls/payload.js';
import { isReservedHeader } from '../../src/firing/calls/reservedHeaders.js';
import { readRefusal } from '../../src/firing/answers/refusal.js';
import { systemClock } from '../../src/lib/clock.js';
import { parseLimits } from '../../src/limits.js';
import { generateSigningKey, prepareSigningKey } from '../../src/signing/signingKey.js';
import type { ActiveTarget } from '../../src/target/target.js';
import { targetSettings } from '../support/targetSettings.js';

interface Shape {
  readonly title: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const { oneOf: shapes } = read('docs/reference/wire/request.schema.json') as {
  readonly oneOf: readonly Shape[];
};
const shapeOf = (title: string): Shape => shapes.find((shape) => shape.title === title)!;

const everyID = {
  instanceID: 'tenant-1',
  orgID: 'org-1',
  projectID: 'project-1',
  userID: 'user-1',
  fullMethod: '/orders.v1.OrderService/PlaceOrder',
};
const fewest = { instanceID: 'tenant-1' };
const event = {
  stream: 'order-1',
  eventID: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  type: 'order.placed',
  createdAt: 0,
  phase: 'before-append',
} as const;

/** A body that the code renders, with every field and with as few as possible. */
const rendered: readonly (readonly [title: string, fullest: string, sparsest: string])[] = [
  [
    'event',
    eventBody(everyID, { ...event, sequence: 1n, position: 2n }, true)('{}'),
    eventBody(fewest, { ...event, sequence: undefined }, false)('{}'),
  ],
  [
    'request or response',
    responseBody(everyID, '{}', { 'x-a': '1' })('{}'),
    requestBody({ ...fewest, fullMethod: everyID.fullMethod })('null'),
  ],
  ['function', functionBody(everyID, 'preaccesstoken', '{}')('{}'), functionBody(fewest, 'f', '{}')('null')],
];

/** The names of the headers of a call that is a rehearsal and a replay, so that it carries all. */
async function sentHeaders(): Promise<readonly string[]> {
  const target: ActiveTarget = { ...targetSettings, status: 'active', signingKeys: [], keys: [] };
  const signingKey = prepareSigningKey(generateSigningKey((size) => new Uint8Array(size)));
  let sent: readonly string[] = [];
  const call = createCallTarget({
    http: {
      async post({ headers, body }) {
        sent = Object.keys(headers(body));
        return { status: 204, contentType: '', body: new Uint8Array(0) };
      },
      close: () => undefined,
    },
    clock: systemClock(),
    secrets: { read: () => ({ signingKeys: () => [signingKey], headers: {} }), unreadable: [] },
    envelopes: { read: () => ({ payloadType: 'json' }) },
    limits: parseLimits(),
  });
  const content = { json: '{}' };
  const resolved = { target, targetID: 't', executionID: 'event' };
  const operation = {
    kind: 'event',
    condition: 'event/a',
    instanceID: 'i',
    operationID: 'o',
    depth: 0,
    content,
    match: { winner: 'event', targets: [resolved], skipped: [] },
    render: (json: string) => json,
    isRehearsal: true,
    isReplay: true,
  } as const;
  const planned = { operation, resolved, place: 0, callID: 'msg_1', content, enforced: true };
  await call(planned, 1_000, undefined);
  return sent;
}

describe('the page of the wire', () => {
  for (const [title, fullest, sparsest] of rendered)
    it(`has a schema of a ${title} with the fields that are sent, in their order`, () => {
      const { required, properties } = shapeOf(title);
      const sent = Object.keys(JSON.parse(fullest) as object);
      expect(Object.keys(properties).filter((name) => sent.includes(name))).to.have.members(sent);
      if (title === 'event') expect(Object.keys(properties)).to.deep.equal(sent);
      expect(Object.keys(JSON.parse(sparsest) as object)).to.have.members([...required]);
    });

  it('has a schema of a refusal that accepts the same answers as the code', () => {
    const { properties } = read('docs/reference/wire/answer.schema.json') as {
      readonly properties: {
        readonly forwardedStatusCode: { readonly minimum: number; readonly maximum: number };
      };
    };
    const { minimum, maximum } = properties.forwardedStatusCode;
    const isRefusal = (forwardedStatusCode: number) => {
      const verdict = readRefusal({ forwardedStatusCode }, 1_024);
      return verdict !== undefined && verdict.problem === undefined;
    };
    expect([minimum, maximum].map(isRefusal)).to.deep.equal([true, true]);
    expect([minimum - 1, maximum + 1].map(isRefusal)).to.deep.equal([false, false]);
  });

  it('has the headers that a call carries, and no other', async () => {
    const sent = await sentHeaders();
    const page = readFileSync('docs/reference/wire.md', 'utf8');
    const named = [...page.matchAll(/^\| `(?<name>[a-z-]+)` /gm)].map(({ groups }) => groups?.['name'] ?? '');
    // `traceparent` needs a span; test/firing/telemetry tests it.
    expect(named).to.have.members([...sent.filter((name) => name !== 'content-type'), 'traceparent']);
  });

  it('contains the vectors that the signatures are tested with, and explains one vector', () => {
    const vectors = read('docs/reference/wire/signatures.json') as {
      readonly zitadel: readonly { v1: string }[];
    };
    expect(vectors).to.deep.equal(read('test/vectors/signatures.json'));
    expect(readFileSync('docs/reference/wire.md', 'utf8')).to.include(vectors.zitadel[0]!.v1);
  });
});

describe('the headers of a call', () => {
  it('have names that no operator can set for a target', async () => {
    const sent = await sentHeaders();
    expect(sent).not.to.have.length(0);
    expect(sent.filter((name) => !isReservedHeader(name))).to.deep.equal([]);
  });
});
