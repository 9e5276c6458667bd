import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { places } from '../../eslint.config.js';
import { closeAfterTest } from '../support/closings.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import {
  cycleIn,
  fileGraph,
  foldedBy,
  folderOf,
  loadGraph,
  roomOf,
  sourceFiles,
  type Graph,
} from './importGraph.js';

/**
 * The allowed imports among the rooms of src, by section 1 of the design. Each room also imports errors, ports and
 * lib.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  charts: [],
  events: [],
  target: ['decider.ts'],
  execution: ['decider.ts', 'target'],
  routing: ['decider.ts', 'limits.ts', 'target', 'execution'],
  commands: ['decider.ts', 'limits.ts', 'target', 'execution', 'routing'],
  signing: ['target'],
  network: ['target'],
  firing: ['limits.ts', 'target', 'execution', 'routing', 'signing', 'network'],
  hooks: ['limits.ts', 'target', 'execution', 'routing', 'signing', 'firing', 'events'],
  deliveries: [
    'limits.ts',
    'target',
    'execution',
    'routing',
    'signing',
    'network',
    'firing',
    'events',
    'hooks',
  ],
  // An index file keeps rows of the two aggregates; an adapter that wraps a foreign client calls the hooks.
  stores: ['events', 'hooks', 'routing', 'target', 'execution', 'deliveries'],
  integrations: ['limits.ts', 'hooks'],
  receiver: ['signing'],
};

const free = new Set(['errors.ts', 'ports.ts', 'lib']);
/** The faces of the library: the public surface and the files that assemble it. */
const isTop = (room: string): boolean => room.endsWith('.ts');
/** The files of the public surface, which the fences of the lint configuration name. */
const outer = new Set(['zitadel', 'console', 'cli', 'testing']);

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
};
const faces = new Set(
  Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.default.replace('./dist/', '').replace(/\.js$/, '.ts')],
  ),
);

const files = fileGraph('src');
/** A face only re-exports, and belongs to no folder. */
const folders = foldedBy(files, (file) => (faces.has(file) ? undefined : folderOf(file)));
const rooms = foldedBy(files, (file) => (faces.has(file) ? undefined : roomOf(file)));

describe('the import graph', () => {
  it('has no cycle between files', () => {
    expect(cycleIn(files)).to.equal(undefined);
  });

  for (const root of ['.ci', 'docs/examples', 'test'])
    it(`has no cycle between files of ${root}, where one loads another`, () => {
      expect(cycleIn(loadGraph(root))).to.equal(undefined);
    });

  it('has a cycle where two files import each other, in a folder or from one folder to another', () => {
    for (const [one, other] of [
      ['./b.js', './a.js'],
      ['./in/b.js', '../a.js'],
    ] as const) {
      const folder = temporaryFolder();
      closeAfterTest(folder.remove);
      const second = join(dirname(one), 'b.ts');
      mkdirSync(folder.file(dirname(second)), { recursive: true });
      writeFileSync(folder.file('a.ts'), `import { b } from '${one}';\nexport const a = b;\n`);
      const cycle = ['a.ts', second, 'a.ts'];
      for (const text of [
        `import { a } from '${other}';`,
        `export * from '${other}';`,
        `await import('${other}');`,
      ]) {
        writeFileSync(folder.file(second), text);
        expect(cycleIn(loadGraph(folder.file('.'))), text).to.deep.equal(cycle);
      }
      writeFileSync(folder.file(second), `import type { A } from '${other}';`);
      expect(cycleIn(loadGraph(folder.file('.')))).to.equal(undefined);
      expect(cycleIn(fileGraph(folder.file('.')))).to.deep.equal(cycle);
    }
  });

  it('has no cycle between folders', () => {
    expect(cycleIn(folders)).to.equal(undefined);
  });

  it('has only the edges between rooms that the design allows', () => {
    const wrong = [...rooms].flatMap(([room, imported]) =>
      isTop(room) || outer.has(room)
        ? []
        : [...imported]
            .filter((other) => !free.has(other) && !(allowed[room] ?? []).includes(other))
            .map((other) => `${room} -> ${other}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('has no room that the design does not know', () => {
    const known = new Set([...Object.keys(allowed), ...outer]);
    expect([...rooms.keys()].filter((room) => !isTop(room) && !known.has(room))).to.deep.equal([]);
  });

  it('has at most 16 files in a folder', () => {
    const counts = new Map<string, number>();
    for (const file of sourceFiles('src')) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 16)).to.deep.equal([]);
  });

  it('resolves every import to a file, so that no edge is missed', () => {
    const missing = [...files.values()].flatMap((imported) =>
      [...imported].filter((file) => !files.has(file)),
    );
    expect(missing.filter((file) => !existsSync(`src/${file}`))).to.deep.equal([]);
  });

  it('finds a cycle in a graph that has one cycle', () => {
    const graph: Graph = new Map([
      ['a/x.ts', new Set(['b/x.ts'])],
      ['b/x.ts', new Set(['c/x.ts'])],
      ['c/x.ts', new Set(['b/y.ts'])],
      ['b/y.ts', new Set<string>()],
    ]);
    expect(cycleIn(graph)).to.equal(undefined);
    expect(cycleIn(foldedBy(graph, folderOf))).to.deep.equal(['b', 'c', 'b']);
  });
});

describe('the fences', () => {
  it('stand only where there is something to fence', () => {
    const gone = places.flatMap(([place, fenced]) =>
      [place, ...fenced].filter((path) => path !== '.' && !existsSync(`src/${path}`)),
    );
    expect([...new Set(gone)]).to.deep.equal([]);
  });
});
