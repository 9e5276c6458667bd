/** Whether a target is up, as one worker sees it. Pure: time is passed in, by a monotonic clock, in milliseconds. */
export interface Circuit {
  readonly isDown: boolean;
  /** Failures in a row that are the target's fault, without a success between. */
  readonly failures: number;
  /** When the next probe may be made. */
  readonly probeAt: number;
  readonly probeMs: number;
  /** Calls at once; doubles with each success after an outage. */
  readonly atOnce: number;
}

interface CircuitOptions {
  /** Failures in a row until the target counts as down. */
  readonly failures: number;
  /** The longest time between probes. */
  readonly probeMs: number;
  /** Calls at once while the target is up. */
  readonly perTarget: number;
}

const firstProbeMs = 1_000;

export const upCircuit = ({ perTarget }: CircuitOptions): Circuit => ({
  isDown: false,
  failures: 0,
  probeAt: 0,
  probeMs: 0,
  atOnce: perTarget,
});

/** The state after a call that failed because of the target. */
export function afterFailure(circuit: Circuit, options: CircuitOptions, now: number): Circuit {
  const failures = circuit.failures + 1;
  if (!circuit.isDown && failures < options.failures) return { ...circuit, failures };
  const next = circuit.isDown ? circuit.probeMs * 2 : firstProbeMs;
  const probeMs = Math.min(Math.max(next, Math.min(firstProbeMs, options.probeMs)), options.probeMs);
  return { isDown: true, failures, probeMs, probeAt: now + probeMs, atOnce: 1 };
}

/** The state after a 2xx. After an outage, each success doubles the calls at once, up to `perTarget`. */
export function afterSuccess(circuit: Circuit, options: CircuitOptions): Circuit {
  if (!circuit.isDown && circuit.failures === 0 && circuit.atOnce >= options.perTarget) return circuit;
  const atOnce = circuit.isDown ? 2 : circuit.atOnce * 2;
  return { ...upCircuit(options), atOnce: Math.min(atOnce, options.perTarget) };
}

/**
 * The state after an answer that is the event's fault: it neither opens nor closes the circuit, but while the target is
 * down it delays the next probe.
 */
export const afterUndecided = (circuit: Circuit, now: number): Circuit =>
  circuit.isDown ? { ...circuit, probeAt: now + circuit.probeMs } : circuit;

/**
 * The state of a target that is down and has no delivery left to probe it with: one more failure takes it down again, and
 * until then its events are read, of which the first is the probe.
 */
export const withoutProbe = (circuit: Circuit, { failures }: CircuitOptions): Circuit => ({
  ...circuit,
  isDown: false,
  failures: failures - 1,
  atOnce: 1,
});
