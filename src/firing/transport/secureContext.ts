import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';

import { InvalidArgumentError } from '../../errors.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';

/** Authorities and client certificate for https endpoints, as `tls.createSecureContext` takes them. */
export interface TlsOptions {
  /** Replaces the authorities that Node trusts. @defaultValue the authorities of Node */
  readonly ca?: SecureContextOptions['ca'];
  /** The client certificate, PEM. @defaultValue none */
  readonly cert?: SecureContextOptions['cert'];
  /** The private key of the client certificate, PEM. @defaultValue none */
  readonly key?: SecureContextOptions['key'];
}

const optionNames: OptionNames<TlsOptions> = { ca: true, cert: true, key: true };

export type SecureContextSource = () => SecureContext;

/**
 * Reads the options once for all connections: at once if there are any, so that a mistake is found before the first
 * call; else with the first https call, since loading the authorities of Node takes long.
 *
 * @throws {@link InvalidArgumentError} for a malformed certificate or key; the message holds no part of it
 */
export function secureContextOf(tls: TlsOptions | undefined): SecureContextSource {
  let context = tls === undefined ? undefined : read(readOptions(tls, optionNames, 'tls'));
  return () => (context ??= read({}));
}

function read({ ca, cert, key }: TlsOptions): SecureContext {
  try {
    // Parse each authority: TLS accepts one without a certificate, and would then trust no server.
    for (const authority of ca === undefined ? [] : [ca].flat()) new X509Certificate(authority);
    return createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' });
  } catch {
    throw new InvalidArgumentError(
      'tls.ca, tls.cert and tls.key are PEM texts, and a key that fits its certificate; nothing was opened',
      {
        rule: 'tls',
      },
    );
  }
}
