const jsonType = /^(?:application\/json|[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+\+json)$/;
const charset = /^charset=(?:"utf-?8"|utf-?8)$/;

/** Whether a lower-case content type declares JSON: `application/json` or `+json` (RFC 6839), in UTF-8 and no other charset. */
export function declaresJSON(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (contentType.includes(',') || !jsonType.test(type)) return false;
  return parameters.every((parameter) => !parameter.startsWith('charset') || charset.test(parameter));
}
