/** The persistent subscription groups of a database. */
export type PersistentGroups = Map<string, never>;
