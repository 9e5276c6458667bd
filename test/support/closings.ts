const closings: (() => unknown)[] = [];

/** Closes after the test, the last thing opened first. */
export function closeAfterTest(close: () => unknown): void {
  closings.push(close);
}

/** Closes all that the test opened. */
export async function closeOpened(): Promise<void> {
  for (let close = closings.pop(); close; close = closings.pop()) await close();
}
