import { expect } from 'chai';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newProject, type Project } from './project.js';

/** Compiled and run: actions of one copy in front of a store by the functions of the other. */
const program = `
import { createActions, memoryEventStore } from 'eventstore-actions';
import type { ActionsOptions, Actions } from 'eventstore-actions';
import { createActions as createOther, isActionsError, memoryEventStore as otherStore } from 'other-copy';
import type { Actions as OtherActions, ActionsOptions as OtherOptions, EventStore } from 'other-copy';
import { interceptEmmett } from 'other-copy/emmett';
import type { SQLiteIndexStore } from 'other-copy/sqlite';

const handed: string[] = [];
const emmett = {
  async appendToStream(name: string, _events: readonly unknown[]) { handed.push(name); },
  async readStream() {},
};
const actions = await createActions({ eventStore: otherStore(), keyring: 'plaintext', network: { allow: ['127.0.0.1:1'] } });
const { id } = await actions.targets.add({ name: 'a', type: 'webhook', endpoint: 'http://127.0.0.1:1/', interruptOnError: true });
await actions.executions.set({ event: { event: 'order.placed' } }, [id]);
const guarded = interceptEmmett(emmett, actions);
await guarded.appendToStream('free', [{ type: 'order.seen', data: {} }]);
let code = 'none';
try {
  await guarded.appendToStream('vetoed', [{ type: 'order.placed', data: {} }]);
} catch (error) {
  if (isActionsError(error)) code = error.code;
}
await actions.close();

export const throughOther: OtherActions = actions;
export const andBack: Actions = throughOther;
export const store: EventStore = memoryEventStore();
export const withIndex = (indexStore: SQLiteIndexStore): ActionsOptions => ({ eventStore: otherStore(), indexStore });
export const options = (given: ActionsOptions): OtherOptions => given;
console.log(JSON.stringify({ handed, code, copies: (createOther as unknown) === createActions ? 1 : 2 }));
`;

const tsconfig = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    skipLibCheck: true,
    outDir: 'out',
  },
  files: ['main.ts'],
};

/** Puts a second copy beside the first. Of another version: TypeScript takes equal name and version for one package. */
function addCopy({ folder }: Project): void {
  const [first, second] = ['eventstore-actions', 'other-copy'].map((name) =>
    join(folder, 'node_modules', name),
  ) as [string, string];
  cpSync(first, second, { recursive: true });
  const manifest = join(second, 'package.json');
  const content = JSON.parse(readFileSync(manifest, 'utf8')) as object;
  writeFileSync(manifest, JSON.stringify({ ...content, name: 'other-copy', version: '0.0.1' }));
}

describe('two copies of the packed package', () => {
  let project: Project;

  before(async function () {
    this.timeout(600_000);
    project = await newProject(['@types/node@20', 'typescript@5.9'], { type: 'module' });
    addCopy(project);
    project.write({ 'main.ts': program, 'tsconfig.json': tsconfig });
  });
  after(() => {
    project.remove();
  });

  it('agree in types and at run time: actions, stores, index stores and errors of one copy fit the other copy', async () => {
    await project.node('node_modules/typescript/lib/tsc.js');
    expect(JSON.parse(await project.node('out/main.js'))).to.deep.equal({
      handed: ['free'],
      code: 'TARGET_INTERRUPTED',
      copies: 2,
    });
  }).timeout(300_000);
});
