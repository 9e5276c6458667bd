const key = 'eventstore-actions-console.token';

/** The token of the operator, kept by this tab until it is closed. A browser may refuse to store it. */
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
    // The browser refuses: the token lives as long as the page.
  }
}
