/** The location of a store, without the user, the password and the options of a connection string. */
export const storeWithoutSecrets = (location: string): string =>
  location.startsWith('sqlite:') ? location : location.replace(/^([a-z+]+:\/\/)(?:.*@)?([^/?#]*).*/s, '$1$2');

/** An address that is malformed, without all that may be a user, a password or a token. */
export const addressWithoutSecrets = (address: string): string =>
  address.replace(/^.*@/s, '').split(/[?#]/)[0] ?? '';
