import type { ClientOptions, Metadata, ServerOptions } from '@grpc/grpc-js';
import type { Wire } from './grpcWire.js';

/** Records a step that the handler sees. */
export type Note = (seen: unknown) => void;

export type GrpcKind = 'Unary' | 'Collect' | 'Watch' | 'Talk' | 'Options';

/** A handler as applications have it, and the client that calls it. */
export interface GrpcCase {
  readonly name: string;
  /** @defaultValue Proto3Service */
  readonly service?: string;
  readonly method: GrpcKind;
  // Each kind of call has an interface of its own.
  readonly handler: (call: never, respond: never, note: Note) => unknown;
  /** Messages of the client. @defaultValue one without fields */
  readonly sends?: readonly object[];
  /** Bytes to send unchanged, in place of `sends`. */
  readonly bytes?: Uint8Array;
  /**
   * Whether the client waits, before its next message, for an answer; where none is due, for a note. @defaultValue
   * false
   */
  readonly isPaced?: boolean;
  /** Frames to send on a connection of their own, in place of `sends`. */
  readonly wire?: Wire;
  readonly metadata?: Readonly<Record<string, string | Buffer>>;
  /** Milliseconds. */
  readonly deadline?: number;
  /** When the client cancels: after so many messages that it received. */
  readonly cancelAfter?: number;
  /** When the client cancels: after its handler noted so much. */
  readonly cancelOnNote?: number;
  /** Whether the client ends its messages. @defaultValue true */
  readonly halfCloses?: boolean;
  /** Milliseconds until the client gives the call up. */
  readonly boundMs?: number;
  /** The time limit where no target is called and the call never ends. */
  readonly bareBoundMs?: number;
  /** The options of the server and the client. @defaultValue without options */
  readonly setup?: GrpcSetup;
}

/** A server and its client; cases that name the same object share them. */
export interface GrpcSetup {
  /** `note` records a step of the call with these metadata. */
  readonly server?: (note: (metadata: Metadata, seen: unknown) => void) => ServerOptions;
  readonly client?: ClientOptions;
}
