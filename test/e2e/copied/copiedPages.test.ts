import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { targetServer } from '../../support/targetServer.js';
import { codeBlocks, pages } from '../../docs/pages.js';
import { nestPackages } from '../package/nest/packages.js';
import { newProject, type Project } from '../package/project.js';
import { freePort } from '../../support/freePort.js';
import { openDatabase, stopSharedPostgres } from '../stores/postgres/postgresServer.js';
import { copyPage, type Reader } from './copyPage.js';

/** All packages that the pages install, except those of Nest. */
const kit = [
  'better-sqlite3',
  'tsx@4',
  'zod@4',
  'express@5',
  'fastify@5',
  '@grpc/grpc-js@1',
  '@grpc/proto-loader@0.8',
  '@connectrpc/connect@2.1',
  '@connectrpc/connect-node@2.1',
  '@bufbuild/protobuf@2',
  '@event-driven-io/emmett@0.42',
  '@event-driven-io/emmett-postgresql@0.42',
  'pg@8',
  '@eventstore/db-client@6',
  '@kurrent/kurrentdb-client@1',
  '@zitadel/client@1',
  '@zitadel/proto@1',
];

/** Pages whose blocks are run by separate tests, with the names of these tests. */
const elsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': {
    'npm ci && npm run demo': '.ci/run',
    'npm ci && npm test': '.ci/run',
  },
  'docs/guides/backtest.md': {
    'npx eventstore-actions backtest --since 30d': 'test/e2e/cli/backtest/guide.test.ts',
    "npx eventstore-actions backtest 'order policy' --since 30d --type order.placed --send --examples 2 --html report.html":
      'test/e2e/cli/backtest/guide.test.ts',
  },
  'docs/guides/durable-delivery.md': {
    'export EVENTSTORE_ACTIONS_DELIVERIES=./deliveries.db': 'test/e2e/cli/deliveriesGuide.test.ts',
    'npx eventstore-actions deliveries list --state parked --stream order-2':
      'test/e2e/cli/deliveriesGuide.test.ts',
    'npx eventstore-actions deliveries show msg_p2Yx0HkQbJr3VwTz9sLmNd4e':
      'test/e2e/cli/deliveriesGuide.test.ts',
    'npx eventstore-actions deliveries replay msg_p2Yx0HkQbJr3VwTz9sLmNd4e':
      'test/e2e/cli/deliveriesGuide.test.ts',
    'npx eventstore-actions deliveries replay --target "$crm" --from 2027-01-31T12:00:00Z --to 2027-01-31T13:00:00Z':
      'test/e2e/cli/deliveriesGuide.test.ts',
    'npx eventstore-actions deliveries discard --target "$crm" --reason status':
      'test/e2e/cli/deliveriesGuide.test.ts',
  },
  'docs/guides/eventstoredb.md': {
    "EVENTSTOREDB_URL='esdb://127.0.0.1:2113?tls=false' npm run test:eventstoredb":
      'test/eventstoredb/torture.ts',
  },
  'docs/guides/kurrentdb.md': {
    "KURRENTDB_URL='esdb://127.0.0.1:2113?tls=false' npm run test:kurrentdb":
      'test/stores/kurrentDB/underTest.ts',
  },
  'docs/guides/monitoring.md': {
    'export EVENTSTORE_ACTIONS_TOKEN=...': 'test/e2e/zitadel/calls.test.ts',
  },
  'docs/guides/zitadel.md': {
    'curl --fail --silent --header "authorization: Bearer $TOKEN" --header \'content-type: application/json\' \\':
      'test/e2e/zitadel/serve.test.ts',
  },
};

/** Shown and run by test/e2e/package/moduleSystems.test.ts. */
const otherProjects = ['docs/guides/modules.md'];

const runs = (page: string): boolean =>
  codeBlocks(page).some(({ language, source }) => language === 'sh' || source !== undefined);

describe('the pages, copied into an empty folder with the packed package', () => {
  const projects: Project[] = [];
  const released: (() => Promise<unknown>)[] = [];
  const open = async (packages: readonly string[]): Promise<string> => {
    const project = await newProject(packages);
    projects.push(project);
    return project.folder;
  };
  let folder: string;

  before(async function () {
    this.timeout(600_000);
    folder = await open(kit);
  });
  afterEach(async () => {
    for (const release of released.splice(0)) await release();
  });
  after(async function () {
    this.timeout(300_000);
    for (const project of projects) project.remove();
    await stopSharedPostgres();
  });

  /** The machine of a reader: an endpoint, and the servers that the page requires. */
  async function readerOf(page: string): Promise<Reader> {
    const [endpoint, double] = [await targetServer(), await startDouble({ appendsTogether: true })];
    released.push(
      () => endpoint.close(),
      () => double.close(),
    );
    const database = page.includes('postgres') ? await openDatabase() : undefined;
    if (database !== undefined) released.push(() => database.remove());
    const text = codeBlocks(page)
      .map((block) => block.text)
      .join('\n');
    const own = new URL(endpoint.url()).origin;
    const names: Record<string, string> = {
      'https://policy.example': own,
      'https://crm.example': own,
      'whsec_...': `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      '--port 4000': `--port ${await freePort()}`,
      '--port 4001': `--port ${await freePort()}`,
      // The page leaves the port out, so that the program uses its default port.
      'npx eventstore-actions serve --store': `npx eventstore-actions serve --port ${await freePort()} --store`,
    };
    return {
      env: {
        PORT: String(await freePort()),
        EVENTSTOREDB_URL: double.connectionString,
        KURRENTDB_URL: double.connectionString.replace(/^esdb/, 'kurrentdb'),
        EVENTSTORE_ACTIONS_ALLOW: '127.0.0.1/32',
        ...(database && { POSTGRES_URL: database.connectionString, DATABASE_URL: database.connectionString }),
      },
      names: Object.fromEntries(Object.entries(names).filter(([name]) => text.includes(name))),
      elsewhere: elsewhere[page] ?? {},
    };
  }

  for (const page of pages) {
    if (
      page === 'CONTRIBUTING.md' ||
      page.endsWith('nestjs.md') ||
      otherProjects.includes(page) ||
      !runs(page)
    )
      continue;
    it(`${page} runs unchanged, block by block, and prints the output that it shows`, async () => {
      await copyPage(page, folder, await readerOf(page));
    }).timeout(300_000);
  }

  for (const version of ['10', '11'])
    it(`docs/guides/nestjs.md runs as it stands on Nest ${version}`, async () => {
      const page = 'docs/guides/nestjs.md';
      await copyPage(page, await open(nestPackages(version)), await readerOf(page));
    }).timeout(600_000);
});
