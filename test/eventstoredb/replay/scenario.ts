import { readFileSync } from 'node:fs';
import type { PersistentSubscriptionToStreamSettings, StreamMetadata } from '@eventstore/db-client';

/** An event as the book of scenarios writes it; `times` such events where it is given. */
export type EventSketch = {
  readonly id?: string;
  readonly type?: string;
  readonly data?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
  /** Bytes of text in the data. */
  readonly size?: number;
  readonly times?: number;
};

type OnStream = { readonly stream: string; readonly expect?: string };
type OnSubscription = { readonly as: string };
type OnGroup = { readonly stream: string; readonly group: string };
type Window = { readonly from?: string; readonly direction?: 'forwards' | 'backwards' };

/** One call of the client by name, with its arguments. */
export type Call =
  | (OnStream & {
      readonly call: 'append';
      readonly events: readonly EventSketch[];
      readonly path?: 'classic';
    })
  | (OnStream & { readonly call: 'race'; readonly writers: number })
  | (Window & { readonly call: 'read'; readonly stream: string; readonly max?: number })
  | (Window & { readonly call: 'readAll'; readonly take: number })
  | { readonly call: 'event'; readonly stream: string; readonly from: string }
  | (OnStream & { readonly call: 'delete' | 'tombstone' })
  | (OnStream & { readonly call: 'setMetadata'; readonly metadata: StreamMetadata })
  | { readonly call: 'getMetadata'; readonly stream: string }
  | (OnSubscription & {
      readonly call: 'subscribe';
      readonly stream?: string;
      readonly from?: string;
      readonly prefix?: string;
      readonly window?: number;
      readonly types?: readonly string[];
    })
  | (OnSubscription & { readonly call: 'heard'; readonly checkpoints?: boolean })
  | (OnSubscription & { readonly call: 'unsubscribe' })
  | (OnGroup & {
      readonly call: 'createGroup';
      readonly settings?: Partial<PersistentSubscriptionToStreamSettings>;
    })
  | (OnGroup &
      OnSubscription & {
        readonly call: 'consume';
        /** The answer of the consumer to the event of a revision, where it is no acknowledgement. */
        readonly answers?: Readonly<Record<string, 'retry' | 'park' | 'skip' | 'stop'>>;
      })
  | (OnGroup & { readonly call: 'parked' })
  | (OnGroup & OnSubscription & { readonly call: 'replayParked' })
  | (OnGroup & { readonly call: 'deleteGroup'; readonly as?: string });

export type CallOf<Name extends Call['call']> = Extract<Call, { readonly call: Name }>;

/** A call and the answer of EventStoreDB 24.2. */
export type Step = Call & { readonly answer: unknown };

export type Scenario = { readonly name: string; readonly steps: readonly Step[] };

const book = new URL('../../vectors/eventstoredb/scenarios.json', import.meta.url);

export const readScenarios = (): readonly Scenario[] =>
  (JSON.parse(readFileSync(book, 'utf8')) as { readonly scenarios: readonly Scenario[] }).scenarios;
