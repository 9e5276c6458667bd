const quote = '"';
const backslash = '\\';
/** Longer than the media type of any real answer. */
const longest = 1_000;

/** The parts of a header value between semicolons outside quotes; `undefined` for a malformed value or several values. */
function partsOf(value: string): readonly string[] | undefined {
  if (value.length > longest) return undefined;
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at];
    if (character === quote) isQuoted = !isQuoted;
    else if (isQuoted && character === backslash) at += 1;
    else if (!isQuoted && character === ',') return undefined;
    else if (!isQuoted && character === ';') {
      parts.push(value.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (isQuoted) return undefined;
  parts.push(value.slice(start).trim());
  return parts;
}

const tokenCharacter = /[a-z0-9!#$&^_.+-]/;
const isToken = (text: string): boolean =>
  text !== '' && Array.from(text).every((character) => tokenCharacter.test(character));

/** `application/json` and `+json` (RFC 6839); `text/plain`, the default of targets written in Go. */
function mayBeJSON(type: string): boolean {
  if (type === 'application/json' || type === 'text/plain') return true;
  if (!type.endsWith('+json')) return false;
  const slash = type.indexOf('/');
  return isToken(type.slice(0, Math.max(slash, 0))) && isToken(type.slice(slash + 1, -'+json'.length));
}

const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', '"utf-8"', '"utf8"']);

/**
 * Whether a body of this lower-case content type is read as JSON: `application/json`, `+json` or `text/plain`, in UTF-8 and
 * no other charset, or no content type at all.
 */
export function declaresJSON(contentType: string): boolean {
  const [type, ...parameters] = partsOf(contentType) ?? [];
  if (type === undefined || (type === '' ? contentType.trim() !== '' : !mayBeJSON(type))) return false;
  return parameters.every((parameter) => {
    const [name = '', ...value] = parameter.split('=');
    return name.trim() !== 'charset' ? !name.startsWith('charset') : charsets.has(value.join('=').trim());
  });
}
