import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type YAMLError,
} from 'yaml';
import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { conditionOf } from '../../index.js';
import { shownValue, thrownText } from '../../lib/reading/shownValue.js';
import { detailText } from '../../lib/detailText.js';
import { ownOptions, withoutConsequence } from '../shell/ownOptions.js';
import { issueText } from '../../lib/issueText.js';
import {
  deliveries,
  deliveryOrders,
  enforcements,
  longestEndpoint,
  longestName,
  longestTargetID,
  payloadTypes,
  targetTypes,
} from '../../target/settings.js';
import { defaultText, isTimeoutText, longestTimeout } from '../shell/settingTexts.js';
import { declaredKeys } from './declaredKeys.js';

const header = z
  .union([
    z.strictObject({ env: z.string().min(1).describe('Variable of the environment that holds the value.') }),
    z.null(),
  ])
  .describe(
    'Where the value comes from: secrets do not belong in the file. Without it, the stored value is kept.',
  );

const target = z
  .strictObject({
    type: z.enum(targetTypes).describe('Which part of the answer counts.'),
    endpoint: z.string().min(1).max(longestEndpoint).describe('Where to call.'),
    timeout: z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,6})?(?:ms|s|m|h|d)$/, 'a duration, as 500ms, 2s or 1m')
      .refine(isTimeoutText, `a duration above 0 and of at most ${longestTimeout}`)
      .optional()
      .describe(`The time limit of a call, up to ${longestTimeout}. Default: ${defaultText('timeoutMs')}.`),
    interruptOnError: z
      .boolean()
      .optional()
      .describe(
        `Whether an error or a refusal fails the operation. Default: ${defaultText('interruptOnError')}.`,
      ),
    headers: z.record(z.string(), header).optional().describe('Additional headers, by name.'),
    payloadType: z
      .enum(payloadTypes)
      .optional()
      .describe(`How the body is wrapped. Default: ${defaultText('payloadType')}.`),
    keys: declaredKeys.optional(),
    delivery: z
      .enum(deliveries)
      .optional()
      .describe(
        `For async targets: with the operation, or after the commit until the target answers. Default: ${defaultText('delivery')}.`,
      ),
    enforcement: z
      .enum(enforcements)
      .optional()
      .describe(
        `Whether the target's answers are applied, or only recorded. Default: ${defaultText('enforcement')}.`,
      ),
    enforcePercent: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe(
        `The share of operations for which answers are applied. Default: ${defaultText('enforcePercent')}.`,
      ),
    order: z
      .enum(deliveryOrders)
      .optional()
      .describe(
        `For durable targets: the order in which the events of a stream are sent. Default: ${defaultText('order')}.`,
      ),
    deliverFrom: z
      .string()
      .regex(/^(?:now|beginning|\d{1,39})$/, 'now, beginning, or a position in quotes')
      .optional()
      .describe(
        `For durable targets: deliver the events after this position. Default: ${defaultText('deliverFrom')}.`,
      ),
    paused: z
      .boolean()
      .optional()
      .describe(`For durable targets: stop sending; events wait. Default: ${defaultText('paused')}.`),
  })
  .refine(
    ({ type, interruptOnError }) => type !== 'async' || interruptOnError !== true,
    'an async target cannot interrupt: no operation waits for it',
  );

/** Judges the id of a condition, where its line is known. */
function asCondition(id: string, context: z.RefinementCtx): void {
  try {
    conditionOf(id);
  } catch (error) {
    context.addIssue({ code: 'custom', message: withoutConsequence(ownOptions(detailText(error))) });
  }
}

const entry = z.union([
  z.string().min(1).max(longestName).describe('The name of a target.'),
  z.strictObject({
    include: z
      .string()
      .min(1)
      .superRefine(asCondition)
      .describe('The condition whose list is called at this place.'),
  }),
  z.strictObject({
    id: z.string().min(1).max(longestTargetID).describe('The id of a removed target, which has no name.'),
  }),
]);

/** The content of a declaration file. */
const declarationSchema = z
  .strictObject({
    targets: z.record(z.string().min(1).max(longestName), target).optional().describe('Targets by name.'),
    executions: z
      .record(z.string().min(1).superRefine(asCondition), z.array(entry))
      .optional()
      .describe(
        'Lists by condition: event/order.placed, event/order.*, event, request/pkg.Service/Method, function/name.',
      ),
  })
  .describe('Targets and executions, for eventstore-actions apply.');

export type Declaration = z.input<typeof declarationSchema>;
export type DeclaredTarget = z.output<typeof target>;
export type DeclaredEntry = z.output<typeof entry>;

/** The JSON Schema for editors. */
export const declarationJSONSchema = (): object => z.toJSONSchema(declarationSchema, { io: 'input' });

/** The deepest level to search, below every name of a declaration: aliases of YAML may form cycles. */
const deepest = 6;

/** The path of a name `__proto__`, which JavaScript would silently drop as a prototype. */
function reservedName(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || path.length > deepest) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const here = [...path, name];
    const found = name === '__proto__' ? here : reservedName(inner, here);
    if (found) return found;
  }
  return undefined;
}

/** A problem, and its place in the text. */
interface Problem {
  readonly position: number | undefined;
  readonly message: string;
}

/** Tags whose values JSON has too. */
const plainTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** What a declaration cannot hold: repeated names, lists or objects in the place of a name, and values of other kinds. */
function wrongParts(document: Document): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (node: unknown, message: string) =>
    problems.push({ position: isNode(node) ? node.range?.[0] : undefined, message });
  visit(document, {
    Value(_key, node) {
      if (node.tag !== undefined && !plainTag.test(node.tag))
        add(node, `the tag ${node.tag} has no use here`);
      if (!isMap(node)) return;
      const names = new Set<unknown>();
      for (const { key } of node.items) {
        if (!isScalar(key)) add(key, 'a name is text, not a list, an object or an alias');
        else if (names.has(key.value)) add(key, 'Map keys must be unique');
        else names.add(key.value);
      }
    },
  });
  return problems;
}

/** The message of a problem of the YAML parser, which gives advice to programmers. */
const yamlMessage = ({ code, message }: YAMLError): string =>
  code === 'MULTIPLE_DOCS' ? 'a second document begins here: a file has one' : message;

/** A given setting, for an error: no secret, but for an endpoint, whose query may be one. */
function givenText(given: unknown, path: readonly PropertyKey[]): string {
  const [kind, name = '', setting = ''] = path;
  if (kind !== 'targets' || path.length !== 3 || setting === 'endpoint') return '';
  const { targets } = given as { readonly targets?: Record<PropertyKey, Record<PropertyKey, unknown>> };
  const value = targets?.[name]?.[setting];
  return value === undefined || typeof value === 'object' ? '' : `, not ${shownValue(value)}`;
}

/** The most reported problems: each needs a scan of the file for its line. */
const mostProblems = 20;

/** The line of the nearest known part of a path. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range && !(length === 0 && (isMap(node) || isSeq(node))))
      return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/**
 * Parses YAML, which includes JSON.
 *
 * @throws {@link InvalidArgumentError} that names each problem and its line
 */
export function parseDeclaration(text: string, path: string): Declaration {
  const name = path === '-' ? 'stdin' : path;
  const lines = new LineCounter();
  // Check repeated names here: the YAML parser would compare each name with all earlier ones.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const at = (line: number | undefined, message: string) =>
    `${name}${line === undefined ? '' : `:${line}`}: ${message}`;
  const fail = (problems: readonly string[], count = problems.length): never => {
    const told = problems.slice(0, mostProblems);
    if (count > told.length) told.push(`and ${count - told.length} more`);
    throw new InvalidArgumentError(`${told.join('\n')}\nnothing was written`);
  };
  // A warning is of an unknown tag, which would be dropped.
  const malformed = [...document.errors, ...document.warnings];
  if (malformed.length > 0)
    return fail(malformed.map((problem) => at(lines.linePos(problem.pos[0]).line, yamlMessage(problem))));
  const wrong = wrongParts(document).map(({ position, message }) =>
    at(position === undefined ? undefined : lines.linePos(position).line, message),
  );
  if (wrong.length > 0) return fail(wrong);
  let given: unknown;
  try {
    given = document.toJS() ?? {};
  } catch (error) {
    return fail([at(undefined, thrownText(error))]);
  }
  const reserved = reservedName(given);
  if (reserved) return fail([at(undefined, `${reserved.join('.')}: "__proto__" cannot be a name here`)]);
  const parsed = declarationSchema.safeParse(given, { error: issueText });
  if (parsed.success) return parsed.data;
  return fail(
    parsed.error.issues.slice(0, mostProblems).map((issue) => {
      const { path: place } = issue;
      // The reason for refusing a name is one level deeper.
      const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
      const where = place.map(String).join('.');
      const told = `${message}${givenText(given, place)}`;
      return at(lineOf(document, lines, place), where === '' ? told : `${where}: ${told}`);
    }),
    parsed.error.issues.length,
  );
}
