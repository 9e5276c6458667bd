import { loadPackageDefinition, type Client, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type Options } from '@grpc/proto-loader';

export const protos = 'test/integrations/protos';

export function loadOrders(options: Options = {}) {
  const loaded = loadPackageDefinition(
    loadSync('orders/v1/orders.proto', { includeDirs: [protos], longs: String, enums: String, ...options }),
  );
  const { OrderService } = (
    loaded['orders'] as unknown as {
      v1: { OrderService: { new (...sent: unknown[]): Client; service: ServiceDefinition } };
    }
  ).v1;
  return OrderService;
}
