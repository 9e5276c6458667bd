import { createReadBody } from '../../zitadel/serving/readBody.js';
import { readJSONBody } from '../../zitadel/serving/jsonBodies.js';
import type { NodeRequest } from '../../zitadel/serving/nodeMessages.js';
import { ConsoleProblem } from '../calls/problems.js';

/** The longest body: the largest content and the JSON around it. Bytes. */
const longestBody = 1_048_576 + 65_536;
const limits = { bytes: longestBody, tenantBytes: 8 * longestBody, durationMs: 30_000 };

const malformed = (message: string) => new ConsoleProblem(400, 'INVALID_ARGUMENT', message);

interface JSONBody {
  readonly value: unknown;
  /** The size of its text. */
  readonly bytes: number;
}

/** Reads JSON bodies, with a limit on the bytes that each instance sends at once. */
export function createReadJSON() {
  const readBody = createReadBody(limits);
  return async (request: NodeRequest, tenant: string): Promise<JSONBody> => {
    const bytes = await readBody(request, tenant);
    if (bytes.length > longestBody)
      throw new ConsoleProblem(413, 'TOO_LARGE', `the body is longer than ${longestBody} bytes`);
    if (bytes.length === 0)
      throw malformed('the body is empty: register the console before parsers of bodies');
    const read = readJSONBody(bytes);
    if (read.problem !== undefined) throw malformed(read.problem);
    return { value: read.value, bytes: bytes.length };
  };
}
