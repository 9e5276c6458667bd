import type { StoredEvent } from './storedEvent.js';

/** The FilterOptions of a read and of a persistent subscription to $all. */
type FilterOptions = {
  getStreamIdentifier(): Expression | undefined;
  getEventType(): Expression | undefined;
  hasMax(): boolean;
  getMax(): number;
  getCheckpointintervalmultiplier(): number;
};

type Expression = { getRegex(): string; getPrefixList(): string[] };

export type EventFilter = {
  readonly matches: (event: StoredEvent) => boolean;
  /** Events considered, matching or not, from one checkpoint to the next. */
  readonly checkpointInterval: number;
};

const defaultWindow = 32;

const textFilter = (expression: Expression): ((text: string) => boolean) => {
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  const pattern = new RegExp(expression.getRegex());
  return (text) => pattern.test(text);
};

/** Throws a SyntaxError for a malformed regular expression. */
export const readFilter = (options: FilterOptions): EventFilter => {
  const window = options.hasMax() ? options.getMax() : defaultWindow;
  const checkpointInterval = Math.max(1, window * options.getCheckpointintervalmultiplier());
  const [streams, types] = [options.getStreamIdentifier(), options.getEventType()];
  if (streams) {
    const matches = textFilter(streams);
    return { checkpointInterval, matches: (event) => matches(event.stream) };
  }
  const matches = types ? textFilter(types) : () => true;
  return { checkpointInterval, matches: (event) => matches(event.type) };
};
