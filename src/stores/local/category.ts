/**
 * The category of a stream: its name up to and including the first `-`, or the whole name without a `-`. A store finds the
 * events of a prefix by an index of categories, without scanning other events.
 */
export const categoryOf = (name: string): string => name.slice(0, name.indexOf('-') + 1) || name;
