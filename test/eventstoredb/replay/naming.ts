import { createHash, randomUUID } from 'node:crypto';
import { jsonEvent, type JSONEventType, type Position } from '@eventstore/db-client';
import type { EventSketch } from './scenario.js';

type Data = Record<string, unknown>;

const dataOf = ({ size, data }: EventSketch, index: number): Data =>
  size === undefined ? { n: index, ...data } : { x: 'x'.repeat(size) };

/** Turns the labels of one scenario into unique names, and names back into labels. */
export class Naming {
  readonly #prefix: string;
  readonly #positions = new Map<string, Position>();
  readonly #labels = new Map<string, string>();

  constructor(scenario: string) {
    this.#prefix = `replay-${randomUUID().slice(0, 8)}-${scenario}-`;
  }

  stream(label: string): string {
    return `${this.#prefix}${label}`;
  }

  isOurs(stream: string): boolean {
    return stream.includes(this.#prefix);
  }

  events(sketches: readonly EventSketch[]) {
    return sketches.flatMap((sketch) =>
      Array.from({ length: sketch.times ?? 1 }, (_, index) =>
        jsonEvent<JSONEventType<string, Data, Data | undefined>>({
          id: sketch.id === undefined ? randomUUID() : this.#id(sketch.id),
          type: sketch.type ?? 'E',
          data: dataOf(sketch, index),
          metadata: sketch.metadata,
        }),
      ),
    );
  }

  label(id: string): string | undefined {
    return this.#labels.get(id);
  }

  /** From here on the label of an event stands for its position. */
  remember(label: string | undefined, position: Position | undefined): void {
    if (label !== undefined && position) this.#positions.set(label, position);
  }

  revision(from = 'start'): 'start' | 'end' | bigint {
    return from === 'start' || from === 'end' ? from : BigInt(from);
  }

  position(from = 'start'): 'start' | 'end' | Position {
    if (from === 'start' || from === 'end') return from;
    const position = this.#positions.get(from);
    if (!position) throw new Error(`No event ${from} was seen before`);
    return position;
  }

  /** Writes an answer as the book does: labels in place of names, decimals in place of big integers. */
  plain(value: unknown): unknown {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'string') return value.replaceAll(this.#prefix, '');
    if (Array.isArray(value)) return value.map((item) => this.plain(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, this.plain(field)]),
    );
  }

  #id(label: string): string {
    const hex = createHash('sha256').update(`${this.#prefix}${label}`).digest('hex');
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    this.#labels.set(id, label);
    return id;
  }
}

/** Writes an error as the book does. */
export const failureAnswer = (error: unknown) => {
  const { type, streamName, expectedVersion, actualVersion, maxAppendSize } = error as Record<
    string,
    unknown
  >;
  const fields = { error: type, class: (error as Error).constructor.name };
  return { ...fields, streamName, expectedVersion, actualVersion, maxAppendSize };
};
