import { writeJSON } from '../../lib/json/json.js';
import { snapshot } from '../../lib/json/snapshot.js';
import type { EmmettEvent } from './emmettStore.js';

/** The events of an append as they were when the append was called. */
interface TakenEvents {
  readonly events: readonly EmmettEvent[];
  /**
   * The events to append. An instance of a class cannot be copied: it is appended itself while its JSON is unchanged, and
   * otherwise as the JSON that it had when the append was called.
   */
  unchanged(): readonly EmmettEvent[];
}

/** Copies events with any content, so that later changes by the caller have no effect. */
export function takeEvents(given: readonly EmmettEvent[]): TakenEvents {
  const instances = new Map<object, string | undefined>();
  const events = snapshot(
    Array.from(given, (event) => ({ ...event })),
    (instance) => {
      instances.set(instance, writeJSON(instance).json);
      return instance;
    },
  );
  return {
    events,
    unchanged() {
      const changed = [...instances].filter(
        ([instance, json]) => json !== undefined && writeJSON(instance).json !== json,
      );
      if (changed.length === 0) return events;
      const stands = new Map(
        changed.map(([instance, json]) => [instance, JSON.parse(json ?? 'null') as unknown]),
      );
      return snapshot(events, (instance) => (stands.has(instance) ? stands.get(instance) : instance));
    },
  };
}
