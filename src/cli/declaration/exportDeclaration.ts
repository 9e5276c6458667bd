import { Document, Scalar, visit } from 'yaml';
import { executionID, type EntryInput, type PublicKey, type TargetView } from '../../index.js';
import { settingDefaults } from '../../target/settings.js';
import { formatDuration } from '../shell/duration.js';
import { printableLines } from '../../lib/shown/printable.js';
import type { Current } from './current.js';
import type { Declaration, DeclaredEntry, DeclaredTarget } from './declaration.js';
import type { DeclaredKey } from './declaredKeys.js';

const schemaComment =
  '# yaml-language-server: $schema=./node_modules/eventstore-actions/docs/reference/apply.schema.json\n';

const declaredKey = ({ publicKey, expiresAt, active }: PublicKey): DeclaredKey => ({
  pem: publicKey,
  ...(expiresAt !== undefined && { expires: new Date(expiresAt).toISOString() }),
  ...(active && { active }),
});

/** A target without the settings that are defaults of a new target. */
function declaredTarget(target: TargetView): DeclaredTarget {
  const { type, endpoint, timeoutMs, headers, keys } = target;
  const names = Object.keys(headers).sort();
  const unlike = <Field extends keyof typeof settingDefaults>(field: Field) =>
    target[field] === settingDefaults[field] ? {} : { [field]: target[field] };
  return {
    type,
    endpoint,
    timeout: formatDuration(timeoutMs),
    ...unlike('interruptOnError'),
    ...(names.length > 0 && { headers: Object.fromEntries(names.map((name) => [name, null])) }),
    ...unlike('payloadType'),
    ...(keys.length > 0 && { keys: Object.fromEntries(keys.map((key) => [key.keyID, declaredKey(key)])) }),
    ...unlike('delivery'),
    ...unlike('enforcement'),
    ...unlike('enforcePercent'),
    ...unlike('order'),
    ...unlike('deliverFrom'),
    ...unlike('paused'),
  };
}

/** Writes the state of the instance as a declaration. Applying it changes nothing; the same state gives the same bytes. */
export function exportDeclaration({ targets, executions }: Current): Declaration {
  const names = new Map(targets.map(({ id, name }) => [id, name]));
  const declaredEntry = (entry: EntryInput): DeclaredEntry => {
    if (typeof entry !== 'string') return { include: executionID(entry.include) };
    return names.get(entry) ?? { id: entry };
  };
  return {
    targets: Object.fromEntries(targets.map((target) => [target.name, declaredTarget(target)])),
    executions: Object.fromEntries(executions.map(({ id, targets: list }) => [id, list.map(declaredEntry)])),
  };
}

/** Quotes text with control characters, so that YAML escapes them. */
export function asYAML(declaration: Declaration): string {
  const document = new Document(declaration);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string' || printableLines(node.value) === node.value) return;
      node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return schemaComment + printableLines(document.toString({ lineWidth: 0, nullStr: '' }));
}
