/** A path of the server with its query, without absent parameters. */
export function apiPath(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.set(name, String(value));
  const text = given.toString();
  return text === '' ? `api/${path}` : `api/${path}?${text}`;
}

export const targetPath = (id: string, change?: string): string =>
  `api/targets/${encodeURIComponent(id)}${change === undefined ? '' : `/${change}`}`;
