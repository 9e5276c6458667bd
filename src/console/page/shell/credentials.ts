const key = 'eventstore-actions-console.token';

/** What the operator typed to sign in: kept by this tab until it is closed. A browser may refuse to keep anything. */
export function readToken(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepToken(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, token);
  } catch {
    // The token then lives as long as the page.
  }
}
