type Callback = (error?: Error | null) => void;

/** The callback among the arguments of a method that sends. */
export const callbackOf = (sent: readonly unknown[]): Callback | undefined =>
  sent.find((given): given is Callback => typeof given === 'function');
export const withoutCallback = (sent: readonly unknown[]) =>
  sent.filter((given) => typeof given !== 'function');
/** Copies the bytes: the handler may reuse its buffers while the response is held. */
export const copied = (sent: readonly unknown[]) =>
  sent.map((given) => (given instanceof Uint8Array ? Buffer.from(given) : given));
