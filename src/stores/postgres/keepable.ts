/** PostgreSQL's text has no NUL: a name with one is no name of a stream, and none begins with it. */
export const isKeepable = (text: string): boolean => !text.includes('\u0000');
