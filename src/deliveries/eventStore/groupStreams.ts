import { deliveryStreamPrefixes } from '../../hooks/context/hookedStream.js';

/** The streams of one group of workers. */
export interface GroupStreams {
  readonly prefixes: readonly string[];
  partition(number: number): string;
  worker(id: string): string;
  deadLetter(id: string): string;
  request(partition: number): string;
  /** The kind of a stream of the group, and the rest of its name. */
  read(
    stream: string,
  ): { readonly kind: keyof typeof deliveryStreamPrefixes; readonly id: string } | undefined;
}

type Kind = keyof typeof deliveryStreamPrefixes;

export function streamsOf(group: string): GroupStreams {
  const kinds = Object.keys(deliveryStreamPrefixes) as Kind[];
  const prefixOf = (kind: Kind): string => `${deliveryStreamPrefixes[kind]}${group}.`;
  return {
    prefixes: kinds.map(prefixOf),
    partition: (number) => prefixOf('partition') + String(number),
    worker: (id) => prefixOf('worker') + id,
    deadLetter: (id) => prefixOf('deadLetter') + id,
    request: (partition) => prefixOf('request') + String(partition),
    read(stream) {
      const kind = kinds.find((each) => stream.startsWith(prefixOf(each)));
      return kind && { kind, id: stream.slice(prefixOf(kind).length) };
    },
  };
}
