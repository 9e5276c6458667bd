import type { RecordedEvent } from '../ports.js';

/** An event of ours that could not be understood and was skipped (rule F5). */
export interface FailedEvent {
  readonly stream: string;
  readonly version: bigint;
  readonly position: bigint;
  readonly type: string;
  readonly reason: string;
}

export interface FailedEvents {
  readonly events: readonly FailedEvent[];
  /** Runs `apply`; when it throws, the event is recorded as failed. */
  guard(event: RecordedEvent, apply: () => void): void;
}

/** More than this many are not kept: health() is for people, and one bad writer must not fill the memory. */
const most = 1_000;

/** Where the data went wrong, without the data itself: it may hold a secret. */
function reasonOf(error: unknown): string {
  const issues = (error as { issues?: readonly { path: readonly PropertyKey[]; code: string }[] }).issues;
  if (!issues) return error instanceof Error ? error.name : 'unknown';
  return issues.map(({ path, code }) => `${path.map(String).join('.') || 'data'}: ${code}`).join('; ');
}

export function createFailedEvents(): FailedEvents {
  const events: FailedEvent[] = [];
  return {
    events,
    guard(event, apply) {
      try {
        apply();
      } catch (error) {
        const { stream, version, position, type } = event;
        const isKnown = events.some((failed) => failed.stream === stream && failed.version === version);
        if (!isKnown && events.length < most)
          events.push({ stream, version, position, type, reason: reasonOf(error) });
      }
    },
  };
}
