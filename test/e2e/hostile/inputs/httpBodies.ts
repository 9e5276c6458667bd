import { shownBody } from '../../../../src/integrations/http/httpBody.js';
import { shownJSON } from '../../../../src/integrations/http/shownJSON.js';
import { createActions, memoryEventStore, type Actions } from '../../../../src/index.js';
import { hooksOf } from '../../../../src/hooks/hookOf.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const actions: Actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
const { id } = await actions.targets.add({
  name: 'policy',
  type: 'webhook',
  endpoint: 'https://policy.example/',
  interruptOnError: true,
});
await actions.executions.set({ request: { all: true } }, [id]);

/**
 * A request whose body has n parts: it is sent, refused as too large or too deep, or sent to an address that
 * the policy refuses.
 */
const request = (n: number, bodyOf: (n: number) => unknown): GrowingInput => ({
  n,
  prepare(size) {
    const body = bodyOf(size);
    return async () => {
      const pending = hooksOf(actions).messages.pending('request', '/orders.v1.Orders/Place', {
        instanceID: 'default',
        depth: 0,
      });
      await pending?.fire({ content: () => shownBody(body) });
    };
  },
});

const response = (n: number, textOf: (n: number) => string): GrowingInput => ({
  n,
  prepare(size) {
    const text = textOf(size);
    return () => shownJSON(text);
  },
});

const nested = (n: number): unknown => {
  let value: unknown = 1;
  for (let depth = 0; depth < n; depth += 1) value = [value];
  return value;
};

export const inputs: GrowingInputs = {
  'a request of many members': request(100_000, (n) =>
    Object.fromEntries(Array.from({ length: n }, (_, at) => [`k${at}`, at])),
  ),
  'a request that nests': request(2_000, nested),
  'a request of many empty lists': request(200_000, (n) => Array.from({ length: n }, () => [])),
  'a request of one long text': request(2_000_000, (n) => 'a'.repeat(n)),
  'a response of open brackets': response(500_000, (n) => '['.repeat(n)),
  'a response of many numbers': response(200_000, (n) => `[${'1.10000000000000001,'.repeat(n)}1]`),
  'a response of escapes': response(300_000, (n) => `"${'\\u0041'.repeat(n)}"`),
};
