import type { RecordedEvent } from '../../ports.js';

/** A malformed event of a target or an execution, which was skipped (rule F5). */
export interface FailedEvent {
  /** The name of its stream; at most 1 000 characters of it. */
  readonly stream: string;
  /** Its version in the stream. */
  readonly version: bigint;
  /** Its position in the store. */
  readonly position: bigint;
  /** Its type; at most 1 000 characters of it. */
  readonly type: string;
  /** Which fields are wrong, and how; never a value. At most 1 000 characters. */
  readonly reason: string;
}

/** The index keeps the first failures up to this many: one bad writer must not fill the memory. */
export const mostFailedEvents = 1_000;
const mostCharacters = 1_000;
const mostIssues = 10;

const cut = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;

/** Which fields are malformed, and how. It shows no value, which may be a secret. */
function reasonOf(error: unknown): string {
  const issues = (error as { issues?: readonly { path: readonly PropertyKey[]; code: string }[] }).issues;
  if (!issues) return error instanceof Error ? error.name : 'unknown';
  return issues
    .slice(0, mostIssues)
    .map(({ path, code }) => `${path.map(String).join('.') || 'data'}: ${code}`)
    .join('; ');
}

export const failureOf = (
  { stream, version, position, type }: RecordedEvent,
  error: unknown,
): FailedEvent => ({
  stream: cut(stream),
  version,
  position,
  type: cut(type),
  reason: cut(reasonOf(error)),
});

/** The failures that an index in memory keeps, each once. */
interface FailedEvents {
  readonly events: readonly FailedEvent[];
  add(failed: FailedEvent): void;
}

export function createFailedEvents(): FailedEvents {
  const events: FailedEvent[] = [];
  return {
    events,
    add(failed) {
      if (events.length >= mostFailedEvents) return;
      if (!events.some(({ stream, version }) => stream === failed.stream && version === failed.version))
        events.push(failed);
    },
  };
}
