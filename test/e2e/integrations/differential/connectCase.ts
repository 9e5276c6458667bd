import { createFileRegistry, fromBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, Interceptor } from '@connectrpc/connect';
import type { Compression } from '@connectrpc/connect/protocol';
import type { ConnectNodeAdapterOptions } from '@connectrpc/connect-node';
import { readFileSync } from 'node:fs';
import { protos } from '../../../integrations/loadOrders.js';
import type { Note } from './grpcCase.js';

/** The output of `buf build` for the protos of `kinds`. */
export const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(`${protos}/kinds.binpb`)),
);

export type Init = MessageInitShape<DescMessage>;

/** A handler as applications have it, and the client that calls it. */
export interface ConnectCase {
  readonly name: string;
  /** @defaultValue Proto3Service */
  readonly service?: string;
  readonly method: 'unary' | 'collect' | 'watch' | 'talk';
  // Each kind of call has an interface of its own.
  readonly handler: (request: never, context: HandlerContext, note: Note) => unknown;
  /** Messages of the client. @defaultValue one without fields */
  readonly sends?: readonly object[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** When the client cancels: after so many messages that it received. */
  readonly cancelAfter?: number;
  /** When the client cancels: after its handler noted so much. */
  readonly cancelOnNote?: number;
  /** Whether the client ends its messages. @defaultValue true */
  readonly halfCloses?: boolean;
  /**
   * Whether the client waits, before its next message, until the handler has noted as many messages. @defaultValue
   * false
   */
  readonly isPaced?: boolean;
  /** The options of the server and the client. @defaultValue without more options */
  readonly setup?: ConnectSetup;
}

/** Records a step of the call with these headers. */
export type NoteOf = (header: Headers, seen: unknown) => void;

/** A server and its client; cases that name the same object share them. */
export interface ConnectSetup {
  readonly server?: Partial<Omit<ConnectNodeAdapterOptions, 'routes' | 'interceptors'>>;
  readonly client?: Readonly<{
    readMaxBytes?: number;
    writeMaxBytes?: number;
    sendCompression?: Compression;
    acceptCompression?: Compression[];
    compressMinBytes?: number;
  }>;
  /**
   * Whether Connect or its client answers before it has read all, and may keep the connection of HTTP/1.1 for some
   * seconds, bare as well. @defaultValue false
   */
  readonly leavesConnections?: boolean;
  /** Interceptors of the server, before this library's. */
  readonly outer?: (note: NoteOf) => readonly Interceptor[];
  /** Interceptors of the server, nearer to the handler. */
  readonly inner?: (note: NoteOf) => readonly Interceptor[];
}
