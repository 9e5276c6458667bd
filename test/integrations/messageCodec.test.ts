import { loadSync, type MethodDefinition, type Options, type ServiceDefinition } from '@grpc/proto-loader';
import { expect } from 'chai';
import { isActionsError, type JSONValue } from '../../src/index.js';
import { guardService } from '../../src/integrations/grpc/index.js';
import { methodCodecs } from '../../src/integrations/grpc/methodCodecs.js';
import { openActions } from '../support/openActions.js';
import { protos } from './loadOrders.js';

function placeOrder(options: Options): MethodDefinition<object, object> {
  const loaded = loadSync('orders/v1/orders.proto', { includeDirs: [protos], ...options });
  const method = (loaded['orders.v1.OrderService'] as ServiceDefinition)['PlaceOrder'];
  if (!method) throw new Error('there is no such method');
  return method;
}

const message: Record<string, JSONValue> = {
  item: 'book',
  quantity: -2,
  orderLines: [{ itemName: 'pen', quantity: 3, price: { currencyCode: 'EUR', units: '9007199254740993' } }],
  signature: 'AAH/aGk=',
  customerNumber: '-9223372036854775808',
  priority: 'PRIORITY_HIGH',
  placedAt: '2024-01-01T01:01:01.500Z',
  linesByName: { first: { itemName: 'pencil' } },
  note: '',
  cash: 0,
  extra: { nested: [1, null, { deep: true }] },
  attachment: { '@type': 'type.googleapis.com/common.v1.Money', units: '5' },
};

const loadings: readonly (readonly [string, Options])[] = [
  ['as proto-loader does by default', {}],
  [
    'with names kept and everything as text',
    { keepCase: true, longs: String, enums: String, bytes: String, defaults: true, oneofs: true },
  ],
  ['with numbers and arrays', { longs: Number, bytes: Array, arrays: true, objects: true }],
];

for (const [how, options] of loadings)
  describe(`messages loaded ${how}`, () => {
    const definition = placeOrder(options);
    const { request } = methodCodecs(definition as Parameters<typeof methodCodecs>[0]);

    it('read canonical JSON, and write the same', () => {
      const lossy = options.longs === Number;
      const exact = lossy
        ? { ...message, customerNumber: '5', orderLines: [{ itemName: 'pen', price: { units: '7' } }] }
        : message;
      const read = request.fromJSON(exact);
      expect(read).not.to.equal(undefined);
      expect(request.toJSON(read?.message)).to.deep.equal(exact);
    });

    it('keep the bytes of the wire', () => {
      const read = request.fromJSON({ ...message, customerNumber: '5', orderLines: [] });
      const bytes = definition.requestSerialize(read?.message as object);
      const again = request.toJSON(definition.requestDeserialize(bytes));
      expect(again).to.deep.include({ signature: 'AAH/aGk=', placedAt: '2024-01-01T01:01:01.500Z' });
    });

    const nonsense: readonly JSONValue[] = [
      { unknown: 1 },
      { orderLines: [{ unknown: 1 }] },
      { item: 1 },
      { quantity: 1.5 },
      { quantity: 2 ** 31 },
      { customerNumber: '9223372036854775808' },
      { signature: 'not base64!' },
      { priority: 'PRIORITY_LOW' },
      { placedAt: 'yesterday' },
      { orderLines: {} },
      { card: 'a', cash: 1 },
      { attachment: { '@type': 'type.googleapis.com/no.such.Type' } },
      [],
      'text',
      7,
      null,
    ];
    for (const json of nonsense)
      it(`do not accept ${JSON.stringify(json)}`, () => {
        expect(request.fromJSON(json)).to.equal(undefined);
      });
  });

describe('a definition without descriptors', () => {
  it('is refused, with a word on how to get descriptors', async () => {
    const { actions } = await openActions();
    const { path, requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } = placeOrder(
      {},
    );
    const generated = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize,
      requestDeserialize,
      responseSerialize,
      responseDeserialize,
    };
    expect(() => guardService({ PlaceOrder: generated }, { PlaceOrder: () => undefined }, actions))
      .to.throw(/proto-loader/)
      .satisfy((error: unknown) => isActionsError(error, 'INVALID_ARGUMENT'));
  });
});
