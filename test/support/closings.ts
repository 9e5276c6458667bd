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

/**
 * Closes resources that all tests share after the last test of the run, before the leak guard looks for open
 * handles.
 */
export function closeAfterRun(close: () => unknown): void {
  shared.push(close);
}

export async function closeShared(): Promise<void> {
  for (let close = shared.pop(); close; close = shared.pop()) await close();
}
