import type { EventStore } from '../../src/index.js';

/** A store of one test. */
export interface OpenedStore {
  readonly store: EventStore;
  close(): void | Promise<void>;
}

/** The kind of store that every suite of this process runs over, in place of those that `openActions.ts` knows. */
interface OnlyKind {
  readonly name: string;
  open(): Promise<OpenedStore>;
}

let only: OnlyKind | undefined;

/** Has to be called before the suites are loaded: by a file that mocha's `--file` names. */
export function testOnly(kind: OnlyKind): void {
  only = kind;
}

export const onlyKind = (): OnlyKind | undefined => only;
