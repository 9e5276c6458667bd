import { format } from 'prettier';
import * as errors from '../../src/errors.js';
import { publicSurface, type PublicName } from './publicSurface.js';

const introduction = `# Errors

Every error of the library is an \`ActionsError\`. Tell them apart by \`code\`: \`isActionsError(error, 'TARGET_INTERRUPTED')\` is
also true for an error of another copy of the package. \`status\` is the HTTP status and \`grpcCode\` the gRPC status that the
integrations answer with; \`statusCode\` and \`errorCode\` equal \`status\`, for frameworks that read those. \`message\` may be
shown to callers outside; where \`detail\` is there, it is for operators. \`cause\` is the error underneath. No error carries a
signing key, a header value, an endpoint's query or user information, or an unbounded body.

An error that a function of yours throws is no error of the library. An error of \`eventName\`, \`generateID\`, \`generateTargetID\`
or the \`caller\` of an integration is rethrown as it is, and nothing is called or written. Where \`now\` or a function
\`network\` throws, the error is an \`InvalidArgumentError\` with yours as its \`cause\`. An error of \`onCall\` changes nothing.

"Written" is what the failed operation itself has written. This page is written from the docstrings
(\`npm run docs:write\`), and a test compares them. [Consistency](../explanation/consistency.md) says what is known of an append
after each failure.

| error | code | status | gRPC | what happened | written | what to do |
| --- | --- | --- | --- | --- | --- | --- |
`;

/** The names of gRPC's status codes, by number. */
const grpcNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** An error of each class, made only to read its codes. */
const samples: Readonly<Record<string, errors.ActionsError>> = {
  TargetInterruptedError: new errors.TargetInterruptedError('', {
    targetID: '',
    executionID: '',
    reason: 'refused',
    status: 412,
  }),
};

const isError = ({ name, file }: PublicName): boolean =>
  file === 'src/errors.ts' &&
  /^[A-Z]\w+Error$/.test(name) &&
  !['ActionsError', 'OperationError', 'KnownError'].includes(name);

function sampleOf(name: string): errors.ActionsError {
  const Class = (
    errors as unknown as Readonly<Record<string, new (...given: unknown[]) => errors.ActionsError>>
  )[name];
  if (Class === undefined) throw new Error(`${name} is not exported`);
  return samples[name] ?? new Class([], [], '', {});
}

function row({ name, text, tags }: PublicName): string {
  const { code, status, grpcCode } = sampleOf(name);
  const tag = (wanted: string): string =>
    tags.find((each) => each.name === wanted)?.text.replaceAll('\n', ' ') ?? '';
  const statuses =
    name === 'TargetInterruptedError' ? '412, 504 after a timeout, or 400 to 499 as forwarded' : status;
  const doc = text.replaceAll(/\{@link ([\w.]+) ?\}/g, '`$1`').replaceAll('\n', ' ');
  return `| \`${name}\` | \`${code}\` | ${statuses} | ${grpcNames[grpcCode] ?? grpcCode} | ${doc} | ${tag('written')} | ${tag('remedy')} |`;
}

/** The error classes of the public surface. */
export const publicErrors = (): readonly PublicName[] => publicSurface().filter(isError);

/** The reasons that the docstring of `InterruptReason` explains, with what each means. */
export function explainedReasons(): readonly (readonly [reason: string, meaning: string])[] {
  const text = publicSurface().find(({ name }) => name === 'InterruptReason')?.text ?? '';
  return [...text.matchAll(/^- `(?<reason>[^`]+)`: (?<meaning>.*(?:\n {2}.*)*)/gm)].map(({ groups }) => [
    groups?.['reason'] ?? '',
    (groups?.['meaning'] ?? '').replaceAll(/\s+/g, ' '),
  ]);
}

const reasons = `
## Reasons

\`reason\` of \`TargetInterruptedError\` and \`CallFailedError\`, of the reports of calls and of \`health()\` says why a call was
refused or failed. "It" is the target.

| reason | what happened |
| --- | --- |
`;

/** docs/reference/errors.md */
export const errorsPage = (): Promise<string> =>
  format(
    [
      introduction.trimEnd(),
      ...publicErrors().map(row),
      reasons.trimEnd(),
      ...explainedReasons().map(([reason, meaning]) => `| \`${reason}\` | ${meaning} |`),
      '',
    ].join('\n'),
    { parser: 'markdown', printWidth: 125 },
  );
