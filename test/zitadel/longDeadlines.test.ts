import { expect } from 'chai';
import { connect } from 'node:http2';
import { closeAfterTest } from '../support/closings.js';
import { post } from './http2Post.js';
import { openService } from './openService.js';

/** Warnings of the process while `action` runs, and in the turn after it. */
async function warningsOf(action: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const note = ({ name }: Error) => seen.push(name);
  process.on('warning', note);
  try {
    await action();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', note);
  }
  return seen;
}

const path = '/zitadel.action.v2.ActionService/ListTargets';

describe('a deadline beyond the longest timer', () => {
  for (const timeout of ['99999999H', '99999999M', '99999999S', '597H', '2147484S', '1H', '99999999m'])
    it(`is kept as far as a timer can: grpc-timeout ${timeout}`, async () => {
      const { h2 } = await openService();
      const session = connect(h2);
      closeAfterTest(() => {
        session.destroy();
      });
      const headers = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': timeout };
      const warnings = await warningsOf(async () => {
        const { status, grpcStatus } = await post(session, path, headers, Buffer.alloc(5));
        expect({ status, grpcStatus }).to.deep.equal({ status: 200, grpcStatus: '0' });
      });
      expect(warnings).to.deep.equal([]);
    });

  for (const timeout of ['9999999999', '2147483648', '2147483647'])
    it(`is kept as far as a timer can: connect-timeout-ms ${timeout}`, async () => {
      const { h1 } = await openService();
      const headers = {
        authorization: 'Bearer all',
        'content-type': 'application/json',
        'connect-timeout-ms': timeout,
      };
      const warnings = await warningsOf(async () => {
        const answer = await fetch(h1 + path, { method: 'POST', headers, body: '{}' });
        expect(answer.status).to.equal(200);
      });
      expect(warnings).to.deep.equal([]);
    });

  for (const timeout of ['999999999H', '1h', '-1S', '1.5S', 'S', ''])
    it(`is refused by the protocol where it is malformed: grpc-timeout ${JSON.stringify(timeout)}`, async () => {
      const { h2 } = await openService();
      const session = connect(h2);
      closeAfterTest(() => {
        session.destroy();
      });
      const headers = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': timeout };
      const { grpcStatus } = await post(session, path, headers, Buffer.alloc(5));
      expect(grpcStatus).to.equal('3');
    });
});
