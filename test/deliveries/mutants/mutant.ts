/** An edit that breaks a rule on purpose, and the test that has to fail for it. */
export interface Mutant {
  readonly what: string;
  /** A text that a file of `src` holds once, and its replacement. */
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  readonly test: { readonly file: string; readonly title: string };
}

export const at = (folder: string) => (file: string, from: string, to: string) => ({
  file: `src/${folder}/${file}`,
  from,
  to,
});
export const inDeliveries = at('deliveries');
export const testIn = (file: string, title: string) => ({ file: `test/${file}.test.ts`, title });
