import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** The result of a run of the built program. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The text of stdin, which is a pipe. */
  readonly input?: string;
  /** An open file to write to. @defaultValue a pipe */
  readonly stdout?: number;
}

/** No run may outlast its test. */
const longestRunMs = 100_000;
let built: string | undefined;

/** The variables of the shell that any program needs. */
const cleanEnvironment = (env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  TERM: 'xterm',
  ...env,
});

/** Builds the program as the package is built, but for declarations and maps, where no other process builds. */
async function build(): Promise<string> {
  mkdirSync('test/output', { recursive: true });
  const folder = mkdtempSync(resolve('test/output/program-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const options = ['--noCheck', '--declaration', 'false', '--declarationMap', 'false'];
  const maps = ['--sourceMap', 'false', '--inlineSources', 'false'];
  const compiler = 'node_modules/typescript/bin/tsc';
  await promisify(execFile)(process.execPath, [
    compiler,
    '-p',
    'tsconfig.build.json',
    '--outDir',
    folder,
    ...options,
    ...maps,
  ]);
  await promisify(execFile)(process.execPath, ['.ci/console.js', join(folder, 'console/page')]);
  return folder;
}

let building: Promise<string> | undefined;

/** Builds the program before the tests of a suite, once for all suites of a run. */
export function useProgram(): void {
  before(async function () {
    this.timeout(180_000);
    building ??= build();
    built = await building;
  });
}

/** The file that `bin` of the package names. */
export function programFile(): string {
  if (built === undefined) throw new Error('useProgram() belongs into the suite');
  return join(built, 'cli', 'main.js');
}

async function ended(child: ChildProcess): Promise<Run> {
  const timer = setTimeout(() => child.kill('SIGKILL'), longestRunMs);
  const status = new Promise<number | null>((resolveStatus) => child.once('close', resolveStatus));
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const run = { status: await status, stdout, stderr };
  clearTimeout(timer);
  if (child.killed)
    throw new Error(
      `${child.spawnargs.join(' ')}\nwas killed after ${longestRunMs / 1_000} s\n${stdout}${stderr}`,
    );
  return run;
}

export function startProgram(parameters: readonly string[], { env, stdout }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [programFile(), ...parameters], {
    env: cleanEnvironment(env),
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  });
}

/** Runs the built program with pipes, as scripts do. */
export function runProgram(parameters: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = startProgram(parameters, options);
  child.stdin!.end(options.input ?? '');
  return ended(child);
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Runs the built program in a pseudo-terminal, as people do. Both outputs are one. `answers` are typed one after
 * another, each once its prompt has been shown.
 */
export async function runInTerminal(
  parameters: readonly string[],
  { env }: RunOptions = {},
  answers: readonly (readonly [prompt: string, answer: string])[] = [],
): Promise<Omit<Run, 'stderr'>> {
  const command = [process.execPath, programFile(), ...parameters].map(quoted).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: cleanEnvironment(env),
    stdio: 'pipe',
  });
  const waiting = [...answers];
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [next] = waiting;
    if (!next || !shown.includes(next[0])) return;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  const { status, stdout } = await ended(child);
  child.stdin.destroy();
  return { status, stdout: stdout.replaceAll('\r\n', '\n') };
}
