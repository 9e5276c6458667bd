import { InvalidArgumentError } from '../errors.js';
import type { EventData } from '../ports.js';
import { shownType } from '../lib/reading/shownValue.js';
import { shownText } from '../lib/shown/shownText.js';

/** @throws {@link InvalidArgumentError} when the function that names events does not return text */
export function checkedEventName(eventName: (event: EventData, stream: string) => string) {
  return (event: EventData, stream: string): string => {
    const name: unknown = eventName(event, stream);
    if (typeof name === 'string') return name;
    throw new InvalidArgumentError(
      `eventName has to return text for an event of ${shownText(stream)}, not ${shownType(name)}; nothing was appended`,
    );
  };
}
