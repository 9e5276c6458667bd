import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type Metadata,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync, type Options } from '@grpc/proto-loader';
import { guardService } from '../../../../src/integrations/grpc/index.js';
import type { Actions } from '../../../../src/index.js';
import { closeAfterTest } from '../../../support/closings.js';
import { protos } from '../../../integrations/loadOrders.js';
import {
  catchingUnhandled,
  createNotebook,
  inChunks,
  settle,
  type Notebook,
  type Transcript,
  type Transcripts,
} from './compare.js';
import type { GrpcCase, GrpcSetup, Note } from './grpcCase.js';
import { drive } from './grpcDrive.js';
import { driveWire } from './grpcWire.js';
import { openMode, type Mode } from './modes.js';

const usual: Options = { longs: String, enums: String, keepCase: true };

function load(name: string): ServiceDefinition {
  const files = ['proto2', 'proto3', 'editions'].map((file) => `kinds/v1/${file}.proto`);
  return loadSync(files, { includeDirs: [protos], ...usual })[`kinds.v1.${name}`] as ServiceDefinition;
}

async function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(`127.0.0.1:${port}`);
    });
  });
}

const nameOf = (metadata: Metadata): string => String(metadata.get('x-case')[0]);

interface Serving {
  readonly cases: readonly GrpcCase[];
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  readonly notes: Notebook;
  readonly actions: Actions | undefined;
}

/** A server of all services, made as a setup asks for it, and its client. */
async function openSetup({ server: options, client: clientOptions = {} }: GrpcSetup, serving: Serving) {
  const { cases, services, notes, actions } = serving;
  const server = new Server(options?.((metadata, seen) => notes.note(nameOf(metadata), seen)));
  for (const definition of services.values()) {
    const handlers = Object.fromEntries(
      Object.keys(definition).map((method) => [
        method,
        (call: { readonly metadata: Metadata }, respond: unknown) => {
          const name = nameOf(call.metadata);
          const found = cases.find((each) => each.name === name);
          const note: Note = (seen) => {
            notes.note(name, seen);
          };
          return (found?.handler as ((...sent: unknown[]) => unknown) | undefined)?.(call, respond, note);
        },
      ]),
    );
    server.addService(definition, actions ? guardService(definition, handlers, actions) : handlers);
  }
  const authority = await listen(server);
  const client = new Client(authority, credentials.createInsecure(), clientOptions);
  closeAfterTest(() => {
    client.close();
    server.forceShutdown();
  });
  return {
    client,
    authority,
    /** Ends only when no call is open. */
    async close(): Promise<void> {
      client.close();
      await new Promise<void>((resolve, reject) => {
        server.tryShutdown((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
  };
}

/** The setup of cases that name none. */
const plain: GrpcSetup = {};

/** Runs handlers bare, or guarded in a mode. */
export async function runGrpc(
  cases: readonly GrpcCase[],
  guarded?: { readonly mode: Mode; readonly bare: Transcripts },
): Promise<Transcripts> {
  const { mode, bare } = guarded ?? {};
  const opened = mode && (await openMode(mode));
  const notes = createNotebook();
  const unhandled: string[] = [];
  const services = new Map(
    [...new Set(cases.map(({ service = 'Proto3Service' }) => service))].map((name) => [name, load(name)]),
  );
  const servers = new Map<GrpcSetup, Awaited<ReturnType<typeof openSetup>>>();
  for (const setup of new Set(cases.map((each) => each.setup ?? plain)))
    servers.set(setup, await openSetup(setup, { cases, services, notes, actions: opened?.actions }));
  const transcripts = new Map<string, Transcript>();
  await catchingUnhandled(
    (reason) => unhandled.push(String(reason)),
    () =>
      inChunks(cases, async (given) => {
        const definition = services.get(given.service ?? 'Proto3Service')?.[given.method];
        const server = servers.get(given.setup ?? plain);
        if (!definition || !server) throw new Error(`there is no ${given.method}`);
        const headers = { 'x-case': given.name };
        const seen = given.wire
          ? await driveWire(
              server.authority,
              definition.path,
              { ...given.wire, headers: { ...given.wire.headers, ...headers } },
              (index) => (given.isPaced ? notes.until(given.name, index) : undefined),
            )
          : await drive(server.client, given, definition, {
              notes,
              isBare: !mode || mode === 'nothing matching',
            });
        await settle(notes, given.name, bare);
        transcripts.set(given.name, { client: seen, handler: notes.of(given.name) });
      }),
  );
  transcripts.set('what no handler catches', { client: [], handler: unhandled.sort() });
  for (const server of servers.values()) await server.close();
  return transcripts;
}
