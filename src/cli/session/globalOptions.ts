import { Option, type Command } from 'commander';
import { parseDuration } from '../shell/duration.js';
import { UsageError } from '../shell/failure.js';
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

/** The longest time that a timer of Node takes is a little above 24 days. */
const longestWaitMs = 24 * 86_400_000;

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
      .argParser(parseDuration(longestWaitMs))
      .default(60_000, '60s'),
    new Option('--json', 'print JSON, for scripts; errors too'),
  ];
  for (const option of options) program.addOption(option);
}

/** The options of the program that a variable of the environment may give. */
function variablesOf(command: Command): readonly Option[] {
  const program = command.parent;
  return program ? variablesOf(program) : command.options.filter(({ envVar }) => envVar !== undefined);
}

const isFromEnvironment = (command: Command, option: Option): boolean =>
  command.getOptionValueSourceWithGlobals(option.attributeName()) === 'env';

/**
 * The global options of a command. A variable of the environment that is empty is one that is not set.
 *
 * @throws {@link UsageError} for an option that is empty on the command line
 */
export function globalOptionsOf(command: Command): GlobalOptions {
  const given: Record<string, unknown> = command.optsWithGlobals();
  for (const option of variablesOf(command)) {
    const name = option.attributeName();
    if (given[name] !== '') continue;
    if (!isFromEnvironment(command, option))
      throw new UsageError(
        `option '${option.flags}' argument '' is empty: give a value, or leave the option out`,
      );
    Reflect.deleteProperty(given, name);
  }
  return given as unknown as GlobalOptions;
}

/** A message that begins with an option, with the variable of the environment that gave the option in its place. */
export function namedAsGiven(command: Command, message: string): string {
  const option = variablesOf(command).find(
    (each) => message.startsWith(`${each.long ?? ''} `) && isFromEnvironment(command, each),
  );
  return option ? message.replace(option.long ?? '', option.envVar ?? '') : message;
}
