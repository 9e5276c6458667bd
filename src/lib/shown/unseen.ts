/**
 * Characters that show nothing: those that Unicode says to ignore where they cannot be displayed, marks of annotations,
 * and the blank letters and signs that Unicode does not count among them.
 */
const unseen = /[\u{16fe4}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13441}\u{13442}\u{1d159}]+/gu;
/** A character that can be seen: no white space, no control or format character, and none of the above. */
const seen = /[^\u{16fe4}\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}\u{1d159}]/u;

/** Variation selectors and joiners, which scripts and emoji need. */
const joining = /^\p{Variation_Selector}?[\u200c\u200d]?/u;
const selector = /^\p{Variation_Selector}?/u;
/** Behind white space and ASCII a selector or joiner changes nothing, save in the emoji of a key: `1\ufe0f\u20e3`. */
const unjoined = /[\s!-~]/;
const keycap = '\u20e3';

/** Whether a text has a character that can be seen. */
export const hasSeen = (text: string): boolean => seen.test(text);

/** The part of a run of unseen characters, at a place of a text, that changes the characters around it. */
function joiningPart(run: string, at: number, text: string): string {
  const before = text[at - 1];
  const after = text[at + run.length];
  if (before === undefined || (unjoined.test(before) && after !== keycap)) return '';
  return (after === undefined ? selector : joining).exec(run)?.[0] ?? '';
}

/**
 * Replaces the characters of a text that show nothing. One variation selector and one joiner stay where scripts and
 * emoji have them.
 */
export const replaceUnseen = (text: string, by: (run: string) => string): string =>
  text.replaceAll(unseen, (run, at: number) => {
    const kept = joiningPart(run, at, text);
    return kept + by(run.slice(kept.length));
  });
