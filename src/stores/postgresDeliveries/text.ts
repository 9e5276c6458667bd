/** PostgreSQL's text has no NUL; names of events that other stores keep may hold it, which must not stop a partition. */
export const keptText = (text: string): string =>
  text.replace(/[\\\0]/g, (character) => (character === '\\' ? '\\\\' : '\\0'));

/** The text before {@link keptText}. */
export const shownText = (text: string): string =>
  text.replace(/\\[\\0]/g, (escape) => (escape === '\\0' ? '\0' : '\\'));
