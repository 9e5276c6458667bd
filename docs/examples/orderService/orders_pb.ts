// The output of protoc-gen-es for orders.proto.
import type { Message } from '@bufbuild/protobuf';
import {
  fileDesc,
  messageDesc,
  serviceDesc,
  type GenFile,
  type GenMessage,
  type GenService,
} from '@bufbuild/protobuf/codegenv2';

export const file_orders: GenFile = fileDesc(
  'CgxvcmRlcnMucHJvdG8SCW9yZGVycy52MSJDChFQbGFjZU9yZGVyUmVxdWVzdBISCgRpdGVtGAEgASgJUgRpdGVtEhoKCHF1YW50aXR5GAIgASgFUghxdWFudGl0eSJJChJQbGFjZU9yZGVyUmVzcG9uc2USGQoIb3JkZXJfaWQYASABKAlSB29yZGVySWQSGAoHbWVzc2FnZRgCIAEoCVIHbWVzc2FnZTJZCgxPcmRlclNlcnZpY2USSQoKUGxhY2VPcmRlchIcLm9yZGVycy52MS5QbGFjZU9yZGVyUmVxdWVzdBodLm9yZGVycy52MS5QbGFjZU9yZGVyUmVzcG9uc2ViBnByb3RvMw==',
);

export type PlaceOrderRequest = Message<'orders.v1.PlaceOrderRequest'> & {
  item: string;
  quantity: number;
};
export const PlaceOrderRequestSchema: GenMessage<PlaceOrderRequest> = messageDesc(file_orders, 0);

export type PlaceOrderResponse = Message<'orders.v1.PlaceOrderResponse'> & {
  orderId: string;
  message: string;
};
export const PlaceOrderResponseSchema: GenMessage<PlaceOrderResponse> = messageDesc(file_orders, 1);

export const OrderService: GenService<{
  placeOrder: {
    methodKind: 'unary';
    input: typeof PlaceOrderRequestSchema;
    output: typeof PlaceOrderResponseSchema;
  };
}> = serviceDesc(file_orders, 0);
