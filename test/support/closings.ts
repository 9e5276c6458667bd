const closings: (() => unknown)[] = [];

/** Closes after the test, in the reverse order of opening. */
export function closeAfterTest(close: () => unknown): void {
  closings.push(close);
}

/** Closes all that the test opened. */
export async function closeOpened(): Promise<void> {
  for (let close = closings.pop(); close; close = closings.pop()) await close();
}

const shared: (() => unknown)[] = [];

/** Closes after the last test of the run what all tests share, before the run is looked at for what it left open. */
export function closeAfterRun(close: () => unknown): void {
  shared.push(close);
}

export async function closeShared(): Promise<void> {
  for (let close = shared.pop(); close; close = shared.pop()) await close();
}
