import type { AllRead, AppendOptions, ClientRead, StreamRead, StreamsClient } from './streamsClient.js';

/** The differences between the clients of the two packages. */
export interface ClientKind {
  /** Where clients of this kind come from. */
  readonly package: string;
  /** The versions that are supported, as errors name them. */
  readonly versions: string;
  /** The server, as errors name it. */
  readonly product: string;
  /** The option of an append that holds its expectation. The other client's name for it is ignored without a word. */
  readonly expectation: 'expectedRevision' | 'streamState';
  /** Functions that every client of this kind has. */
  readonly members: readonly string[];
  /** What to say where it is a client of the other kind; `undefined` where it is none. */
  refusalOf(client: object): string | undefined;
  /** Whether the package's own messages have `setDeadline21100`, which tells them from those of the other package. */
  readonly hasDeadline21100: boolean;
  /** Whether an append with these options goes over the stream that all appends share. */
  usesBatch(client: StreamsClient, options: AppendOptions | undefined): boolean;
  readStream(client: StreamsClient, stream: string, request: StreamRead): ClientRead;
  readAll(client: StreamsClient, request: AllRead): ClientRead;
}

/** A client, or a function that gives it at every use. */
export type Source = object | (() => object);
