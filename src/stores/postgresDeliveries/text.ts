/**
 * Escapes NUL, which PostgreSQL's text cannot hold: a name from another event store may have one, and must not stop a
 * partition.
 */
export const keptText = (text: string): string =>
  text.replace(/[\\\0]/g, (character) => (character === '\\' ? '\\\\' : '\\0'));

/** Reverses {@link keptText}. */
export const givenText = (text: string): string =>
  text.replace(/\\[\\0]/g, (escape) => (escape === '\\0' ? '\0' : '\\'));
