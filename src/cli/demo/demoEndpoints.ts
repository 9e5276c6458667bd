/**
 * Runs four real HTTP endpoints in a separate process. They share only their signing keys with the demo, count
 * independently, and report their counts on request.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { JSONObject } from '../../index.js';
import { digest } from './digest.js';
import {
  endpointNames,
  type EndpointName,
  type EndpointReport,
  type FromEndpoints,
  type PerEndpoint,
  type ToEndpoints,
} from './endpointMessages.js';
import { decide } from './policy.js';
import { signaturesHold } from './verifySignature.js';
import { thrownText } from '../../lib/reading/shownValue.js';

interface EventCall {
  readonly event_id: string;
  readonly event_type: string;
  readonly event_payload: JSONObject;
  readonly stream: string;
  readonly sequence: number;
}

interface Answer {
  readonly status: number;
  readonly body?: JSONObject;
}

class Endpoint {
  readonly server: Server;
  signingKey = '';
  private readonly name: EndpointName;
  private readonly digests: Record<string, string> = {};
  /** The version of the last accepted event of each stream. */
  private readonly taken = new Map<string, number>();
  private received = 0;
  private verified = 0;
  private amended = 0;
  private refused = 0;
  private disordered = 0;
  isDown: boolean;

  constructor(name: EndpointName) {
    this.name = name;
    this.isDown = name === 'archive';
    this.server = createServer((request, response) => {
      this.answer(request).then(
        ({ status, body }) => {
          response
            .writeHead(status, body && { 'content-type': 'application/json' })
            .end(body && JSON.stringify(body));
        },
        (error: unknown) => response.writeHead(500).end(thrownText(error)),
      );
    });
  }

  get report(): EndpointReport {
    const { received, verified, amended, refused, disordered, digests } = this;
    return { received, verified, amended, refused, disordered, digests };
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const body = await text(request);
    this.received++;
    if (!signaturesHold(this.signingKey, request.headers, body)) return { status: 401 };
    this.verified++;
    if (this.isDown) {
      this.refused++;
      return { status: 503 };
    }
    const call = JSON.parse(body) as EventCall;
    if (this.name === 'archive') this.noteOrder(call);
    this.digests[call.event_id] = digest(call.event_payload);
    return this.name === 'policy' ? this.judge(call) : { status: 204 };
  }

  private noteOrder({ stream, sequence }: EventCall): void {
    if (sequence <= (this.taken.get(stream) ?? -1)) this.disordered++;
    else this.taken.set(stream, sequence);
  }

  private judge(call: EventCall): Answer {
    const decision = decide(call.event_type, call.event_payload);
    switch (decision.verdict) {
      case 'allow':
        return { status: 204 };
      case 'amend':
        this.amended++;
        return { status: 200, body: decision.payload };
      case 'refuse':
        this.refused++;
        return {
          status: 200,
          body: { forwardedStatusCode: decision.status, forwardedErrorMessage: decision.because },
        };
    }
  }
}

const endpoints: PerEndpoint<Endpoint> = {
  audit: new Endpoint('audit'),
  policy: new Endpoint('policy'),
  notifier: new Endpoint('notifier'),
  archive: new Endpoint('archive'),
};

const ofEach = <Value>(valueOf: (endpoint: Endpoint) => Value): PerEndpoint<Value> => ({
  audit: valueOf(endpoints.audit),
  policy: valueOf(endpoints.policy),
  notifier: valueOf(endpoints.notifier),
  archive: valueOf(endpoints.archive),
});

const send = (message: FromEndpoints): void => {
  process.send?.(message);
};

process.on('message', (message: ToEndpoints) => {
  if ('signingKeys' in message) {
    for (const name of endpointNames) endpoints[name].signingKey = message.signingKeys[name];
    send({ keysTaken: true });
  } else if ('archiveIsBack' in message) {
    endpoints.archive.isDown = false;
    send({ archiveTakes: true });
  } else send({ reports: ofEach((endpoint) => endpoint.report) });
});
// Ignore Ctrl-C, which reaches every process of the terminal: the demo ends this process last.
process.on('SIGINT', () => undefined);
// The demo has ended: end as well.
process.on('disconnect', () => process.exit());

await Promise.all(
  endpointNames.map(
    (name) => new Promise<void>((resolve) => endpoints[name].server.listen(0, '127.0.0.1', resolve)),
  ),
);
send({ ports: ofEach(({ server }) => (server.address() as AddressInfo).port) });
