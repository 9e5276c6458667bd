/** The lines that a worker prints after an acknowledgement. */
export type Acknowledged =
  | { readonly what: 'started' }
  | { readonly what: 'added' | 'removed'; readonly id: string }
  | { readonly what: 'renamed'; readonly id: string; readonly name: string }
  | { readonly what: 'appended'; readonly id: string; readonly isVetoed: boolean };
