import { InvalidArgumentError, Option, type Command } from 'commander';
import { collected, parsePercent, parseText } from '../../shell/flags.js';
import type { Delivery, DeliveryOrder, Enforcement, PayloadType, TargetType } from '../../../index.js';
import {
  deliveries,
  deliveryOrders,
  enforcements,
  longestEndpoint,
  payloadTypes,
  type settingDefaults,
  targetTypes,
} from '../../../target/settings.js';
import { shownValue } from '../../../lib/reading/shownValue.js';
import { addressWithoutSecrets } from '../../session/withoutSecrets.js';
import { UsageError } from '../../shell/failure.js';
import { defaultText, longestTimeout, parseName, parseTimeout } from '../../shell/settingTexts.js';
import type { Terminal } from '../../shell/terminal.js';

/** The settings of a target on the command line. */
export interface TargetFlags {
  readonly name?: string;
  readonly type?: TargetType;
  readonly endpoint?: string;
  readonly timeout?: number;
  readonly interruptOnError?: boolean;
  readonly header?: readonly string[];
  readonly headerEnv?: readonly string[];
  readonly removeHeader?: readonly string[];
  readonly payloadType?: PayloadType;
  readonly delivery?: Delivery;
  readonly enforcement?: Enforcement;
  readonly enforcePercent?: number;
  readonly order?: DeliveryOrder;
  readonly deliverFrom?: string;
  readonly pause?: boolean;
  readonly resume?: boolean;
}

/** Characters of the name of a header. */
const longestHeaderName = 256;

/** Parses the address of a target. Its query may be a secret, so the error does not show it. */
function parseEndpoint(text: string): string {
  if (text === '') return parseText(longestEndpoint)(text);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text) || text.length > longestEndpoint)
    throw new UsageError(
      `--endpoint ${shownValue(addressWithoutSecrets(text))} is not a URL that begins with https:// or http://, of at most ${longestEndpoint} characters`,
    );
  return text;
}

function parseDeliverFrom(text: string): string {
  if (!/^(?:now|beginning|\d{1,39})$/.test(text))
    throw new InvalidArgumentError('Write now, beginning, or a position of up to 39 digits.');
  return text;
}

export function addTargetOptions(command: Command, isNew: boolean): Command {
  const needed = (flags: string, description: string, parse?: (text: string) => string) => {
    const option = new Option(flags, description);
    if (parse) option.argParser(parse);
    return isNew ? option.makeOptionMandatory() : option;
  };
  const unlessGiven = (setting: keyof typeof settingDefaults) =>
    isNew ? ` (default: ${defaultText(setting)})` : '';
  command
    .addOption(needed('--name <name>', 'the name; unique in the instance, regardless of case', parseName))
    .addOption(
      needed(
        '--type <type>',
        'whether the operation waits for the target, and whether its answer is applied',
      ).choices(targetTypes),
    )
    .addOption(needed('--endpoint <url>', 'the URL to call', parseEndpoint))
    .option(
      '--timeout <duration>',
      `the time limit of a call, up to ${longestTimeout}${unlessGiven('timeoutMs')}`,
      parseTimeout,
    )
    .option('--interrupt-on-error', 'an error or refusal of the target fails the operation');
  if (!isNew) command.option('--no-interrupt-on-error', 'an error of the target is only reported');
  command
    .option('--header <name: value>', 'send a header; repeatable', collected(String))
    .option(
      '--header-env <name=VARIABLE>',
      'send a header with a value from the environment; repeatable',
      collected(String),
    );
  if (!isNew)
    command.option(
      '--remove-header <name>',
      'stop sending a header; repeatable',
      collected(parseText(longestHeaderName)),
    );
  return command
    .addOption(
      new Option('--payload-type <type>', `how the body is wrapped${unlessGiven('payloadType')}`).choices(
        payloadTypes,
      ),
    )
    .addOption(
      new Option(
        '--delivery <delivery>',
        `for async targets: durable repeats a call until the target answers${unlessGiven('delivery')}`,
      ).choices(deliveries),
    )
    .addOption(
      new Option(
        '--enforcement <enforcement>',
        `whether the target's answers are applied, or only recorded${unlessGiven('enforcement')}`,
      ).choices(enforcements),
    )
    .option(
      '--enforce-percent <percent>',
      `the share of operations for which the target's answers are applied${unlessGiven('enforcePercent')}`,
      parsePercent,
    )
    .addOption(
      new Option(
        '--order <order>',
        `for durable targets: the order in which the events of a stream are sent${unlessGiven('order')}`,
      ).choices(deliveryOrders),
    )
    .option(
      '--deliver-from <place>',
      `for durable targets: where deliveries start: now, beginning, or a position${unlessGiven('deliverFrom')}`,
      parseDeliverFrom,
    )
    .option('--pause', 'for durable targets: stop sending; events wait')
    .addOption(new Option('--resume', 'for durable targets: resume sending').conflicts('pause'));
}

function headerOf(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(':');
  if (colon < 1)
    throw new UsageError('write a header as --header "name: value"; the error does not show the value');
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function headerFromEnvironment(text: string, { env }: Terminal): readonly [name: string, value: string] {
  const [name = '', variable = ''] = text.split('=', 2).map((part) => part.trim());
  if (name === '' || variable === '')
    throw new UsageError('write a header from the environment as --header-env name=VARIABLE');
  const value = env[variable];
  if (value === undefined || value === '')
    throw new UsageError(
      `the variable ${JSON.stringify(variable)} is not set or empty: it has to hold the value of the header ${JSON.stringify(name)}`,
    );
  return [name, value];
}

/** The given headers by name. */
export function headersOf(
  { header = [], headerEnv = [] }: TargetFlags,
  terminal: Terminal,
): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...header.map(headerOf),
    ...headerEnv.map((text) => headerFromEnvironment(text, terminal)),
  ]);
}

/** All given settings except the headers, by the library's names. */
export function settingsOf(flags: TargetFlags) {
  const {
    name,
    type,
    endpoint,
    timeout,
    interruptOnError,
    payloadType,
    delivery,
    enforcement,
    enforcePercent,
    order,
    deliverFrom,
    pause,
    resume,
  } = flags;
  return {
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
    ...(endpoint !== undefined && { endpoint }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(interruptOnError !== undefined && { interruptOnError }),
    ...(payloadType !== undefined && { payloadType }),
    ...(delivery !== undefined && { delivery }),
    ...(enforcement !== undefined && { enforcement }),
    ...(enforcePercent !== undefined && { enforcePercent }),
    ...(order !== undefined && { order }),
    ...(deliverFrom !== undefined && { deliverFrom }),
    ...(pause === true && { paused: true }),
    ...(resume === true && { paused: false }),
  };
}
