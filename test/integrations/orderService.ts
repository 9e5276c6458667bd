import { createFileRegistry, fromJson, type DescService, type JsonValue } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const field = (number: number, name: string, jsonName: string, type: string): JsonValue => ({
  name,
  jsonName,
  number,
  type,
  label: 'LABEL_OPTIONAL',
});

const rpc = (name: string, clientStreaming: boolean, serverStreaming: boolean): JsonValue => ({
  name,
  inputType: '.orders.v1.PlaceOrderRequest',
  outputType: '.orders.v1.PlaceOrderResponse',
  clientStreaming,
  serverStreaming,
});

/** The descriptor that protoc makes of the service, as in generated code. */
const descriptors: JsonValue = {
  file: [
    {
      name: 'orders/v1/orders.proto',
      package: 'orders.v1',
      syntax: 'proto3',
      messageType: [
        {
          name: 'PlaceOrderRequest',
          field: [
            field(1, 'item', 'item', 'TYPE_STRING'),
            field(2, 'quantity', 'quantity', 'TYPE_INT32'),
            field(3, 'customer_number', 'customerNumber', 'TYPE_INT64'),
            field(4, 'signature', 'signature', 'TYPE_BYTES'),
          ],
        },
        {
          name: 'PlaceOrderResponse',
          field: [
            field(1, 'order_id', 'orderId', 'TYPE_STRING'),
            field(2, 'quantity', 'quantity', 'TYPE_INT32'),
            field(3, 'text', 'text', 'TYPE_STRING'),
          ],
        },
      ],
      service: [
        {
          name: 'OrderService',
          method: [
            rpc('PlaceOrder', false, false),
            rpc('PlaceOrders', true, false),
            rpc('WatchOrder', false, true),
            rpc('Negotiate', true, true),
          ],
        },
      ],
    },
  ],
};

export const OrderService = createFileRegistry(fromJson(FileDescriptorSetSchema, descriptors)).getService(
  'orders.v1.OrderService',
) as DescService;

/** Messages as handlers hold them; generated code has types for them. */
export interface Order {
  readonly item: string;
  readonly quantity: number;
  readonly customerNumber: bigint;
  readonly signature: Uint8Array;
}
export interface Reply {
  readonly orderId?: string;
  readonly quantity?: number;
  readonly text?: string;
}

export interface OrderClient {
  placeOrder(order: Partial<Order>, options?: object): Promise<Reply>;
  placeOrders(orders: AsyncIterable<Partial<Order>>, options?: object): Promise<Reply>;
  watchOrder(order: Partial<Order>, options?: object): AsyncIterable<Reply>;
  negotiate(orders: AsyncIterable<Partial<Order>>, options?: object): AsyncIterable<Reply>;
}

export interface OrderHandlers {
  placeOrder?(order: Order): Promise<Reply>;
  placeOrders?(orders: AsyncIterable<Order>): Promise<Reply>;
  watchOrder?(order: Order): AsyncIterable<Reply>;
  negotiate?(orders: AsyncIterable<Order>): AsyncIterable<Reply>;
}
