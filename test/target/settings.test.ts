import { Command } from 'commander';
import { expect } from 'chai';
import { addTargetOptions } from '../../src/cli/commands/targets/targetOptions.js';
import { declarationJSONSchema } from '../../src/cli/declaration/declaration.js';
import { exportDeclaration } from '../../src/cli/declaration/exportDeclaration.js';
import { emptyDraft } from '../../src/console/page/pages/targets/draft.js';
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

const all = Object.keys(addTargetInput.shape);
/** Settings whose name differs on the command line and in files. */
const named = (differing: Readonly<Record<string, string>>) => all.map((name) => differing[name] ?? name);

describe('every setting of a target', () => {
  it('can be added and changed', () => {
    expect(Object.keys(changeTargetInput.shape)).to.have.members([...all, 'rotateSigningKey']);
  });

  it('has a flag', () => {
    const flags = addTargetOptions(new Command(), true).options.map((option) => option.attributeName());
    expect(flags).to.include.members(named({ timeoutMs: 'timeout', headers: 'header', paused: 'pause' }));
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
});
