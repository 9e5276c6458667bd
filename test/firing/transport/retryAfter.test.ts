import { expect } from 'chai';

import { withClient } from '../../support/httpCall.js';
import { rawServer } from '../../support/rawServer.js';

/** Posts once to a server that answers with `headers` (each ending in CRLF) and `status`. */
async function retryAfterOf(status: string, headers: string): Promise<string | undefined> {
  const server = await rawServer((socket) => {
    socket.end(`HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\n\r\n`, 'latin1');
  });
  try {
    return await withClient(
      { allow: [server.allow] },
      async ({ post }) => (await post(`${server.origin}/`)).retryAfter,
    );
  } finally {
    await server.close();
  }
}

describe('the Retry-After header of an answer', () => {
  for (const text of ['120', 'Wed, 21 Oct 2026 07:28:00 GMT', 'soon'])
    it(`comes back as it was sent: ${text}`, async () => {
      expect(await retryAfterOf('503 Service Unavailable', `Retry-After: ${text}\r\n`)).to.equal(text);
    });

  it('is the first of two values', async () => {
    expect(await retryAfterOf('429 Too Many', 'retry-after: 7\r\nretry-after: 9\r\n')).to.equal('7');
  });

  it('is absent where the answer has none', async () => {
    expect(await retryAfterOf('503 Service Unavailable', 'x-retry-a: 7\r\n')).to.equal(undefined);
  });
});
