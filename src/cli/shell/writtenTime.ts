const form = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Parses `2030-01-31` or `2030-01-31T08:00Z`. Returns `undefined` for any other text: `Date` itself accepts nearly any, `-5` as
 * a day of May 2001, and a time without an offset by the zone of the machine.
 */
export function writtenTime(text: string): Date | undefined {
  if (!form.test(text)) return undefined;
  const [day, time] = [text.slice(0, 10), new Date(text)];
  if (Number.isNaN(time.getTime())) return undefined;
  // `Date` takes 31 February for a day of March.
  return new Date(day).toISOString().startsWith(day) ? time : undefined;
}
