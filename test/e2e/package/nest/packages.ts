/** The packages that a NestJS project with gRPC installs. */
export const nestPackages = (version: string): readonly string[] => [
  ...['common', 'core', 'platform-express', 'microservices'].map((name) => `@nestjs/${name}@${version}`),
  'reflect-metadata@0.2',
  'rxjs@7',
  '@grpc/grpc-js@1',
  '@grpc/proto-loader@0.8',
  'typescript@5.9',
  '@types/node@20',
];
