import type { AllRead, AppendOptions, ClientRead, StreamRead, StreamsClient } from './streamsClient.js';

/** The differences between the clients of the two packages. */
export interface ClientKind {
  /** Where clients of this kind come from. */
  readonly package: string;
  /** The versions that are supported, as errors name them. */
  readonly versions: string;
  /** The server, as errors name it. */
  readonly product: string;
  /** The option of an append that holds its expectation. The client silently ignores the other client's name. */
  readonly expectation: 'expectedRevision' | 'streamState';
  /** Functions that every client of this kind has. */
  readonly members: readonly string[];
  /** The message for a client of the other kind; `undefined` for any other value. */
  refusalOf(client: object): string | undefined;
  /**
   * Whether the messages of this package have `setDeadline21100`: the messages of the two packages differ in this method.
   */
  readonly hasDeadline21100: boolean;
  /** Whether an append with these options goes over the stream that all appends share. */
  usesBatch(client: StreamsClient, options: AppendOptions | undefined): boolean;
  readStream(client: StreamsClient, stream: string, request: StreamRead): ClientRead;
  readAll(client: StreamsClient, request: AllRead): ClientRead;
}

/** A client, or a function that gives it at every use. */
export type Source = object | (() => object);
