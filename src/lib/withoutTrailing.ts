/** A text without the copies of `character` at its end. A regular expression for that is quadratic in their number. */
export function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
