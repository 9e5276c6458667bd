import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The imports of each file or folder, by name. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const specifiers = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

export const sourceFiles = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();

/** The files below a folder and the files that each imports, types included. Paths are relative to the folder. */
export function fileGraph(root: string): Graph {
  return new Map(
    sourceFiles(root).map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const imported = [...text.matchAll(specifiers)].map(([, specifier = '']) =>
        normalize(join(dirname(file), specifier.replace(/\.js$/, '.ts'))),
      );
      const existing = imported.map((other) => (existsSync(join(root, `${other}x`)) ? `${other}x` : other));
      return [file, new Set(existing)];
    }),
  );
}

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
