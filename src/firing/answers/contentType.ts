const jsonType = /^(?:application\/json|[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+\+json)$/;
const charset = /^charset=(?:"utf-?8"|utf-?8)$/;
/** Longer than any that is sent on purpose; what follows reads it in time linear in its length. */
const longest = 1_000;

/** Whether a lower-case content type declares JSON: `application/json` or `+json` (RFC 6839), in UTF-8 and no other charset. */
export function declaresJSON(contentType: string): boolean {
  const parts = partsOf(contentType);
  if (parts === undefined) return false;
  const [type = '', ...parameters] = parts;
  if (!jsonType.test(type)) return false;
  return parameters.every((parameter) => !parameter.startsWith('charset') || charset.test(parameter));
}

/** Type and parameters; `undefined` for several types, or an open quote. A quoted value may hold any separator (RFC 9110). */
function partsOf(contentType: string): readonly string[] | undefined {
  if (contentType.length > longest) return undefined;
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < contentType.length; index++) {
    const character = contentType[index];
    if (character === '\\' && isQuoted) index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) return undefined;
    else if (character === ';' && !isQuoted) {
      parts.push(contentType.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (isQuoted) return undefined;
  parts.push(contentType.slice(start).trim());
  return parts;
}
