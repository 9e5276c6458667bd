/** A token of JSON: a string, a sign, or a number or word. The closing quote is optional so that no text takes long. */
const token = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/gs;
/** The deepest indentation: indenting a text of nothing but brackets by its depth takes room quadratic in its length. */
const deepest = 50;

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Lays out JSON with one member a line; returns any other text unchanged. Every token stays as it is written: parsing would
 * round long numbers and drop all but the last of repeated names.
 */
export function laidOut(text: string): string {
  if (!isJSON(text)) return text;
  const tokens = text.match(token) ?? [];
  const lineAt = (depth: number) => `\n${'  '.repeat(Math.min(depth, deepest))}`;
  let depth = 0;
  let written = '';
  for (const [place, each] of tokens.entries()) {
    const isOpened = each === '{' || each === '[';
    const isClosed = each === '}' || each === ']';
    const isEmpty = isOpened && /^[}\]]$/.test(tokens[place + 1] ?? '');
    const wasEmpty = isClosed && /^[{[]$/.test(tokens[place - 1] ?? '');
    if (isOpened) depth += 1;
    if (isClosed) depth -= 1;
    if (isClosed && !wasEmpty) written += lineAt(depth);
    written += each === ':' ? ': ' : each;
    if (each === ',' || (isOpened && !isEmpty)) written += lineAt(depth);
  }
  return written;
}
