import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The imports of each file or folder, by name. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Statements that the compiler erases. */
const typesOnly = /^(?:import|export) type [^;]*;/gm;
const specifiers = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Where processes of tests that run beside these write files and remove them. */
const output = join('test', 'output');

/** The paths of all files below a folder, relative to it. */
export const filesBelow = (root: string, folder = ''): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return join(root, path) === output ? [] : filesBelow(root, path);
  });

export const sourceFiles = (root: string, ends = /\.tsx?$/): readonly string[] =>
  [...filesBelow(root)].filter((file) => ends.test(file)).sort();

/** The imports of a text: the path of the file that TypeScript finds for each. */
function importsOf(text: string, root: string, folder: string): ReadonlySet<string> {
  const found = [...text.matchAll(specifiers)].map(([, specifier = '']) => {
    const written = normalize(join(folder, specifier));
    const source = written.replace(/\.js$/, '.ts');
    return [`${source}x`, source, written].find((file) => existsSync(join(root, file))) ?? source;
  });
  return new Set(found);
}

/** The files below a folder and the files that each imports, types included. Paths are relative to the folder. */
export const fileGraph = (root: string): Graph =>
  new Map(
    sourceFiles(root).map((file) => [
      file,
      importsOf(readFileSync(join(root, file), 'utf8'), root, dirname(file)),
    ]),
  );

/** The same graph without imports of types, and with files of JavaScript: what a process loads. */
export const loadGraph = (root: string): Graph =>
  new Map(
    sourceFiles(root, /\.(?:tsx?|js)$/).map((file) => [
      file,
      importsOf(readFileSync(join(root, file), 'utf8').replace(typesOnly, ''), root, dirname(file)),
    ]),
  );

/** The same graph by a coarser name for each file, without edges from a name to itself. */
export function foldedBy(graph: Graph, nameOf: (file: string) => string | undefined): Graph {
  const folded = new Map<string, Set<string>>();
  for (const [file, imported] of graph) {
    const name = nameOf(file);
    if (name === undefined) continue;
    const edges = folded.get(name) ?? new Set();
    folded.set(name, edges);
    for (const each of imported) {
      const other = nameOf(each);
      if (other !== undefined && other !== name) edges.add(other);
    }
  }
  return folded;
}

/** A way from some name back to itself; `undefined` where there is none. */
export function cycleIn(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  function visit(name: string, path: readonly string[]): readonly string[] | undefined {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  }
  for (const name of graph.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** The folder of a file; a file at the top stands for itself. */
export const folderOf = (file: string): string =>
  dirname(file) === '.' ? file : relative('.', dirname(file)).replaceAll('\\', '/');

/** The first folder of a file; a file at the top stands for itself. */
export const roomOf = (file: string): string => file.split('/')[0] ?? file;
