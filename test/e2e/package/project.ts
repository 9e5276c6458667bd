import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runToEnd } from '../support/runToEnd.js';

const longestMs = 300_000;

/** The output of a program, stderr at the end. Rejects with the output where the program fails. */
export async function run(program: string, parameters: readonly string[], folder: string): Promise<string> {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout, stderr } = await runToEnd(program, parameters, {
    name: [program, ...parameters].join(' '),
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
    longestMs,
  });
  return stdout + stderr;
}

/** The sources of the package, and its other files. */
const packedFrom = [
  '.ci',
  'docs',
  'src',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
];

let packing: Promise<string> | undefined;

async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const copy = join(folder, 'copy');
  for (const name of packedFrom) cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  await run('npm', ['run', '-s', 'build'], copy);
  const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', '..'], copy);
  return join(folder, packed.trim());
}

/**
 * The package as it is published, built and packed once for all tests of a process. It is built from a copy: tests
 * that run beside these read `dist`. `.ci/run` gives the package that `check:package` has packed.
 */
const tarball = (): Promise<string> => (packing ??= Promise.resolve(process.env['PACKED_PACKAGE'] ?? pack()));

export interface Project {
  readonly folder: string;
  write(files: Readonly<Record<string, string | object>>): void;
  /** Copies files of this repository. */
  copy(files: Readonly<Record<string, string>>): void;
  /** Runs a file of the project by this Node. */
  node(...parameters: readonly string[]): Promise<string>;
  /** The installed packages. */
  has(name: string): boolean;
  /** A project in a folder of this one, which finds the same packages. */
  inside(name: string, packageJSON: object): Project;
  remove(): void;
}

function projectIn(folder: string): Project {
  return {
    folder,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
      }
    },
    copy(files) {
      for (const [name, source] of Object.entries(files)) cpSync(source, join(folder, name));
    },
    node: (...parameters) => run(process.execPath, parameters, folder),
    has: (name) => existsSync(join(folder, 'node_modules', name)),
    inside(name, packageJSON) {
      const inner = projectIn(join(folder, name));
      inner.write({ 'package.json': { private: true, ...packageJSON } });
      return inner;
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * better-sqlite3 and what it needs. Copied where a project wants it: compiling takes minutes where no binary is
 * served.
 */
const sqlite = ['better-sqlite3', 'bindings', 'file-uri-to-path'];

/**
 * A project in a temporary folder with the packed package and the given ones, as `npm install` gives them.
 *
 * @param packages - as npm takes them; better-sqlite3 is the copy of this repository
 */
export async function newProject(packages: readonly string[], packageJSON: object = {}): Promise<Project> {
  const project = projectIn(mkdtempSync(join(tmpdir(), 'project-')));
  project.write({ 'package.json': { private: true, ...packageJSON } });
  const others = packages.filter((name) => name !== 'better-sqlite3');
  await run(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--ignore-scripts',
      await tarball(),
      ...others,
    ],
    project.folder,
  );
  if (others.length < packages.length)
    for (const name of sqlite)
      cpSync(resolve('node_modules', name), join(project.folder, 'node_modules', name), { recursive: true });
  return project;
}
