import { Option, type Command } from 'commander';
import { parseDuration } from '../shell/duration.js';
import { storeForms } from './storeForms.js';

/** The options of every command, which may stand before or after its name. */
export interface GlobalOptions {
  readonly store?: string;
  readonly index?: string;
  readonly deliveries?: string;
  readonly instance?: string;
  readonly keyring?: string;
  readonly jwtKeys?: string;
  readonly allow?: string;
  /** Milliseconds. */
  readonly wait: number;
  readonly json?: boolean;
}

const prefix = 'EVENTSTORE_ACTIONS';

export function addGlobalOptions(program: Command): void {
  const options = [
    new Option('--store <location>', `event store: ${storeForms}`).env(`${prefix}_STORE`),
    new Option('--index <path>', 'file that keeps the condition index between runs').env(`${prefix}_INDEX`),
    new Option(
      '--deliveries <location>',
      'progress of durable deliveries: a separate file, or postgres://<host>/<database> (default with EventStoreDB, KurrentDB and PostgreSQL: the event store)',
    ).env(`${prefix}_DELIVERIES`),
    new Option('--instance <id>', 'instance to work in (default: "default")').env(`${prefix}_INSTANCE`),
    new Option('--keyring <path>', '"plaintext", or the key file that encrypts secrets at rest').env(
      `${prefix}_KEYRING`,
    ),
    new Option('--jwt-keys <path>', 'key file that signs jwt and jwe payloads').env(`${prefix}_JWT_KEYS`),
    new Option(
      '--allow <entries>',
      'network policy: addresses that may be called besides public ones, comma separated',
    ).env(`${prefix}_ALLOW`),
    new Option('--wait <duration>', 'how long to wait until the index is complete')
      .argParser(parseDuration)
      .default(60_000, '60s'),
    new Option('--json', 'print JSON, for scripts; errors too'),
  ];
  for (const option of options) program.addOption(option);
}
