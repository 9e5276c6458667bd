import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { ActionsError, isActionsError } from '../../../src/errors.js';
import { attempt, isRefusal, type Outcome } from './attempt.js';
import { mistakesOf, type Mistake } from './mistakes.js';
import type { Row, Scene } from './row.js';

/** Members that take nothing. */
const takeNothing = new Set(['close', 'stop']);

const isOwn = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('of the user throws');

/** Whether another library threw the error. */
function isForeign(error: unknown): boolean {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const isPlace = (line: string) =>
    line.startsWith('    at ') && !/wrongValues|\(<anonymous>\)|\(node:/.test(line);
  return lines.find(isPlace)?.includes('/node_modules/') ?? false;
}

const shownError = (error: unknown): string =>
  ((error as Partial<Error> | undefined)?.stack ?? typeof error).split('\n').slice(0, 4).join(' ');

const messageOf = (outcome: Outcome): string =>
  outcome.kind === 'refused' && outcome.error instanceof Error ? outcome.error.message : '';

/** Whether a refusal says that nothing was called, written, opened or made. */
const saysWhatWasDone = (outcome: Outcome): boolean =>
  /\bnothing (was|is) |\bno [a-z]+ was (made|drawn)|\bnot (changed|remembered)/.test(messageOf(outcome));

function complaintOf(
  { isForeign: mayBeForeign = false }: Row,
  { isFunction, mustBeRefused }: Mistake,
  outcome: Outcome,
): string | undefined {
  if (outcome.kind === 'waiting') return 'does not end';
  if (outcome.kind === 'refused' && !isActionsError(outcome.error)) {
    const { error } = outcome;
    if (!(isFunction && isOwn(error)) && !(mayBeForeign && isForeign(error)))
      return `ends with a raw error: ${shownError(error)}`;
  }
  return mustBeRefused && !isRefusal(outcome) ? `is ${outcome.kind}, not refused` : undefined;
}

async function complaintsOf(
  name: string,
  row: Row,
  { effects, isPure = false }: Scene,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  const right = await attempt(row, row.args);
  if (right.kind === 'refused' && !isActionsError(right.error))
    complaints.push(`${name}, rightly called: ${shownError(right.error)}`);
  for (const mistake of mistakesOf(row)) {
    const before = await effects();
    const outcome = await attempt(row, mistake.args);
    const isTooLate = isRefusal(outcome) && (await effects()) !== before;
    const isSilent = isRefusal(outcome) && !isPure && !saysWhatWasDone(outcome);
    const complaint =
      complaintOf(row, mistake, outcome) ??
      (isTooLate ? 'is refused too late' : undefined) ??
      (isSilent ? `does not say what was done: ${messageOf(outcome)}` : undefined);
    if (complaint !== undefined) complaints.push(`${name}: ${mistake.what}: ${complaint}`);
  }
  return complaints;
}

const isErrorClass = (value: unknown): boolean =>
  typeof value === 'function' && (value as { prototype?: unknown }).prototype instanceof Error;

/** The functions of an object, and of the objects in it. Names that begin with a tilde are for this package alone. */
function* functionsOf(object: object, prefix: string): Iterable<string> {
  for (const [name, member] of Object.entries(object) as [string, unknown][])
    if (name.startsWith('~')) continue;
    else if (typeof member === 'function') {
      if (!takeNothing.has(name)) yield `${prefix}.${name}`;
    } else if (typeof member === 'object' && member !== null) yield* functionsOf(member, `${prefix}.${name}`);
}

/** The subpaths of the package. */
export const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>;
};

/** Tries every function of a subpath with every mistake. */
export function tryPublicFunctions(subpath: string, open: () => Promise<Scene>): void {
  describe(`a public function of ${subpath}`, function () {
    this.timeout(120_000);

    it('answers a wrong argument with an error of ours, before anything is called or written', async () => {
      const scene = await open();
      const complaints: string[] = [];
      for (const [name, row] of Object.entries(scene.rows))
        complaints.push(...(await complaintsOf(name, row, scene)));
      if (complaints.length > 0)
        expect.fail(`${complaints.length} answers are wrong:\n${complaints.join('\n')}`);
    });

    it('is tried', async () => {
      const { rows, made } = await open();
      const entry = exports[subpath] as { readonly default: string };
      const source = entry.default.replace('./dist/', '../../../src/').replace(/\.js$/, '.ts');
      const exported = (await import(source)) as Readonly<Record<string, unknown>>;
      const names = Object.entries(exported)
        .filter(([, value]) => typeof value === 'function' && value !== ActionsError && !isErrorClass(value))
        .map(([name]) => name);
      const members = Object.entries(made).flatMap(([name, object]) => [...functionsOf(object, name)]);
      const tried = new Set(Object.keys(rows).map((name) => name.replace(/ (of|with) .*$/, '')));
      expect([...names, ...members].filter((name) => !tried.has(name))).to.deep.equal([]);
    });
  });
}
