/** The lower end of each range in `peerDependencies`, and the suites that use the package. */
export interface LowestPeer {
  /** Packages as npm takes them. */
  readonly packages: readonly string[];
  /** Names under which the suites import them, where those differ from the packages' own. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly suites: readonly string[];
  /** Part of the title of tests of features that this version lacks. */
  readonly lacks?: string;
}

/** Over a hundred handlers, bare and guarded, on the versions of both names. */
const differential = (framework: string): string => `test/e2e/integrations/differential/${framework}.test.ts`;
const http = ['test/integrations/http*.test.ts', 'test/integrations/bareErrors.test.ts'];

export const lowestPeers: readonly LowestPeer[] = [
  {
    packages: ['express@4.17.0'],
    aliases: { express: 'express4' },
    suites: ['test/integrations/bareErrors.test.ts', differential('express')],
  },
  {
    packages: ['express@5.0.0'],
    suites: ['test/integrations/express*.test.ts', ...http, differential('express')],
  },
  {
    packages: ['fastify@4.0.0'],
    aliases: { fastify: 'fastify4' },
    lacks: 'response schema that tells content types apart',
    suites: [
      'test/integrations/bareErrors.test.ts',
      ...['Callers', 'Held', 'Numbers'].map((name) => `test/integrations/fastify${name}.test.ts`),
      differential('fastify'),
    ],
  },
  {
    packages: ['fastify@5.0.0'],
    // The suite of callers uses the signal and the time limit of requests, which came after 5.0.
    suites: [
      'test/integrations/fastify.test.ts',
      ...['Held', 'Numbers'].map((name) => `test/integrations/fastify${name}.test.ts`),
      ...http,
      differential('fastify'),
    ],
  },
  {
    packages: ['@grpc/grpc-js@1.10.0'],
    // The error of this version has another text than that of later versions, which the test quotes.
    lacks: 'where the handler fails by throw',
    suites: ['test/integrations/grpc*.test.ts', 'test/integrations/untouchedGrpc.test.ts'],
  },
  {
    packages: ['@connectrpc/connect@2.1.0', '@connectrpc/connect-node@2.1.0'],
    suites: [
      'test/integrations/connect*.test.ts',
      'test/integrations/untouchedConnect.test.ts',
      'test/zitadel/**/*.test.ts',
    ],
  },
  {
    packages: ['@eventstore/db-client@6.1.0'],
    // The test names the version for which the guards were written.
    lacks: 'the private members of @eventstore',
    suites: [
      'test/stores/eventStoreDB/**/*.test.ts',
      'test/eventstoredb/adapter/*.test.ts',
      'test/hooks/appendHook*.test.ts',
    ],
  },
];
