import type { InterruptReason } from '../../errors.js';

/** The content exceeds a limit at every attempt: nothing is sent. */
export const unsendable: ReadonlySet<InterruptReason> = new Set(['content-too-large', 'content-invalid']);

/** The failure is on our side, not the target's: nothing is dialled. */
export const undialled: ReadonlySet<InterruptReason> = new Set(['secret-unreadable', 'address-refused']);
