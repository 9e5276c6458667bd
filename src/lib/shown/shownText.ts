import { printable } from './printable.js';

/** A text of others in a message: in quotes, with escapes for characters that show nothing or steer a terminal. */
export const shownText = (text: string): string => printable(JSON.stringify(text));
