import { readFileSync } from 'node:fs';

const read = (file: string) => readFileSync(new URL(`../vectors/tls/${file}`, import.meta.url), 'utf8');
const pair = (name: string) => ({ key: read(`${name}.key`), cert: read(`${name}.pem`) });

/** The authority that signed all of them. */
export const testAuthority = read('ca.pem');
/** `hook.example` and 127.0.0.1. */
export const serverCertificate = pair('server');
/** `other.example`. */
export const otherNameCertificate = pair('otherName');
/** `hook.example`, until 2021. */
export const expiredCertificate = pair('expired');
export const clientCertificate = pair('client');
