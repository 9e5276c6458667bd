import { Command } from 'commander';
import { expect } from 'chai';
import { addTargetOptions, settingsOf } from '../../src/cli/commands/targets/targetOptions.js';
import { detailsOf } from '../../src/cli/commands/targets/targetText.js';
import { declarationJSONSchema } from '../../src/cli/declaration/declaration.js';
import { exportDeclaration } from '../../src/cli/declaration/exportDeclaration.js';
import { createCommandOutput } from '../../src/cli/shell/commandOutput.js';
import { draftOf, emptyDraft } from '../../src/console/page/pages/targets/draft.js';
import type { Target } from '../../src/console/wire/targets.js';
import { settingDefaults } from '../../src/target/settings.js';
import { addTargetInput, changeTargetInput } from '../../src/target/targetSchemas.js';
import { openConsole } from '../console/openConsole.js';
import { targetSettings } from '../support/targetSettings.js';

/** A value of each setting that is not its default. */
const others = {
  timeoutMs: 1_000,
  interruptOnError: true,
  payloadType: 'jwt',
  delivery: 'durable',
  enforcement: 'observe',
  enforcePercent: 10,
  order: 'none',
  deliverFrom: 'beginning',
  paused: true,
} as const satisfies { readonly [Name in keyof typeof settingDefaults]: unknown };

/** The words of the command line that set each of them. */
const flagsOf: { readonly [Name in keyof typeof others]: readonly string[] } = {
  timeoutMs: ['--timeout', '1s'],
  interruptOnError: ['--interrupt-on-error'],
  payloadType: ['--payload-type', 'jwt'],
  delivery: ['--delivery', 'durable'],
  enforcement: ['--enforcement', 'observe'],
  enforcePercent: ['--enforce-percent', '10'],
  order: ['--order', 'none'],
  deliverFrom: ['--deliver-from', 'beginning'],
  paused: ['--pause'],
};

/** A part of the console's page. The compiler of the tests knows no JSX. */
async function pagePart(file: string) {
  const { tsImport } = await import('tsx/esm/api');
  return (await tsImport(`../../src/console/page/pages/targets/${file}`, {
    parentURL: import.meta.url,
    tsconfig: 'src/console/page/tsconfig.json',
  })) as Readonly<Record<string, (props: object) => object>>;
}

/** What an element shows, without what preact counts. */
const shownBy = (element: object): string =>
  JSON.stringify(element, (name, value: unknown) => (name.startsWith('__') ? undefined : value));

const view = { id: 't', keys: [], revision: '0', headers: {} };
const dates = { created: '2030-01-01T00:00:00Z', changed: '2030-01-01T00:00:00Z' };
/** Targets of which every setting applies to one. */
const bases = [
  { ...targetSettings, ...settingDefaults, ...view, type: 'webhook' },
  { ...targetSettings, ...settingDefaults, ...view, type: 'async', delivery: 'durable' },
] as const;
const changes = { ...others, delivery: 'inline', name: 'other', endpoint: 'https://other.example/' } as const;
type Shown = (typeof bases)[number];

/** The settings that change nothing of what is shown. */
const unseen = (show: (target: Shown) => string): readonly string[] =>
  Object.entries({ ...changes, headers: { 'x-key': '***' }, type: 'requestResponse' })
    .filter(([name, value]) =>
      bases.every((base) => {
        const before = base[name as keyof Shown];
        return before === value || show(base) === show({ ...base, [name]: value });
      }),
    )
    .map(([name]) => name);

const all = Object.keys(addTargetInput.shape);
/** Settings whose name differs on the command line and in files. */
const named = (differing: Readonly<Record<string, string>>) => all.map((name) => differing[name] ?? name);

describe('every setting of a target', () => {
  it('can be added and changed', () => {
    expect(Object.keys(changeTargetInput.shape)).to.have.members([...all, 'rotateSigningKey']);
  });

  it('has a flag, which sets it', () => {
    const options = (isNew: boolean) => addTargetOptions(new Command(), isNew);
    const flags = options(true).options.map((option) => option.attributeName());
    expect(flags).to.include.members(named({ timeoutMs: 'timeout', headers: 'header', paused: 'pause' }));
    for (const [name, words] of Object.entries(flagsOf)) {
      const given = options(false).parse(words, { from: 'user' }).opts();
      expect(settingsOf(given), words.join(' ')).to.deep.equal({
        [name]: others[name as keyof typeof others],
      });
    }
  });

  it('has a field in files, and is exported to files', () => {
    const schema = declarationJSONSchema() as {
      readonly properties: {
        readonly targets: { readonly additionalProperties: { readonly properties: object } };
      };
    };
    const fields = Object.keys(schema.properties.targets.additionalProperties.properties);
    // The name is the key of the target in the file.
    expect(['name', ...fields]).to.include.members(named({ timeoutMs: 'timeout' }));
    const now = new Date();
    const view = {
      id: 't',
      keys: [],
      created: now,
      changed: now,
      revision: '0',
      headers: { 'x-key': '***' },
    };
    const target = { ...targetSettings, ...others, ...view };
    const { targets = {} } = exportDeclaration({ targets: [target], executions: [] });
    expect(['name', ...Object.keys(targets['policy'] ?? {})]).to.include.members(
      named({ timeoutMs: 'timeout' }),
    );
  });

  it('is shown, set and edited in the console', async () => {
    const { ask, actions } = await openConsole();
    const { name, type, endpoint } = targetSettings;
    const { id } = await actions.targets.add({ name, type, endpoint });
    const { document } = await ask<Target>(`targets/${id}`);
    expect(document).to.include.all.keys(all);
    const body = { ...settingDefaults, name, type, endpoint, headers: {}, revision: document.revision };
    expect((await ask(`targets/${id}`, { body })).status).to.equal(200);
    // A button of its own pauses a target.
    expect([...Object.keys(emptyDraft), 'paused']).to.include.members(all);
  });

  it('is shown by the program', () => {
    const output = createCommandOutput(process, false);
    const created = new Date(0);
    expect(unseen((target) => detailsOf({ ...target, created, changed: created }, output))).to.deep.equal([]);
  });

  it('is a fact on the page of the target, whose title is its name', async () => {
    const { TargetFacts } = await pagePart('targetFacts.tsx');
    const show = (target: Shown) => shownBy(TargetFacts!({ target: { ...target, ...dates } }));
    expect(unseen(show)).to.deep.equal(['name']);
  });

  it('is a field of the form, except for the pause, which has a button', async () => {
    const { TargetFields } = await pagePart('targetFields.tsx');
    const show = (target: Shown) =>
      shownBy(TargetFields!({ draft: draftOf({ ...target, ...dates }), onChange: () => undefined }));
    expect(unseen(show)).to.deep.equal(['paused']);
  });
});
