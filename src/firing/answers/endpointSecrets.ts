/** The secrets that an address may hold: its query, each value in it, and user info. */
export function endpointSecrets(endpoint: string): readonly string[] {
  if (!URL.canParse(endpoint)) return [endpoint];
  const { search, searchParams, username, password } = new URL(endpoint);
  return [search.slice(1), ...searchParams.values(), username, password].filter((each) => each !== '');
}
