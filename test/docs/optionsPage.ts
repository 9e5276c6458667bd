import { format } from 'prettier';
import { publicSurface, type PublicName } from './publicSurface.js';

const introduction = `# Options

Everything that a user sets, by the subpath it is imported from. The tables are written from the docstrings
(\`npm run docs:write\`), and a test compares them. Times are milliseconds and sizes bytes where the text says nothing else. An
option that is unknown or out of range is an \`InvalidArgumentError\`, before anything is opened or written.
`;

const isOptions = ({ name }: PublicName): boolean =>
  !name.includes('.') &&
  (/Options$/.test(name) || ['Limits', 'AddTarget', 'ChangeTarget', 'Caller'].includes(name));

const linked = (text: string): string => text.replaceAll(/\{@link ([\w.]+) ?\}/g, '`$1`');

const inCell = (text: string): string => linked(text).replaceAll('\n', ' ').replaceAll('|', '\\|').trim();

/** Types are shown by name: their members stand in a table of their own, or in the declarations. */
const shortType = (type: string): string => {
  const plain = type.replaceAll(/import\("[^"]*"\)\./g, '').replaceAll(' | undefined', '');
  return `\`${inCell(plain.length > 60 ? `${plain.slice(0, 57)}...` : plain)}\``;
};

function row({ name, text, tags, type, isOptional }: PublicName): string {
  const written = tags.find((tag) => tag.name === 'defaultValue')?.text;
  const standard = written ?? (isOptional ? '' : 'required');
  return `| \`${name.slice(name.indexOf('.') + 1)}\` | ${shortType(type)} | ${inCell(standard)} | ${inCell(text)} |`;
}

function section(owner: PublicName, all: readonly PublicName[]): string {
  const owners = [owner.name, ...owner.extended];
  const members = all.filter(
    ({ name }) => name.includes('.') && owners.includes(name.slice(0, name.indexOf('.'))),
  );
  if (members.length === 0) return '';
  return [
    `### ${owner.name}\n`,
    `${linked(owner.text).replaceAll('\n', ' ')}\n`,
    '| option | type | default | what it does |',
    '| --- | --- | --- | --- |',
    ...members.map(row),
    '',
  ].join('\n');
}

/** docs/reference/options.md */
export function optionsPage(): Promise<string> {
  const all = publicSurface();
  const subpaths = [...new Set(all.map(({ subpath }) => subpath))];
  const sections = subpaths.flatMap((subpath) => {
    const tables = all
      .filter((name) => name.subpath === subpath && isOptions(name))
      .map((owner) => section(owner, all))
      .filter((text) => text !== '');
    return tables.length === 0 ? [] : [`## eventstore-actions${subpath.slice(1)}\n`, ...tables];
  });
  return format([introduction, ...sections].join('\n'), {
    parser: 'markdown',
    printWidth: 125,
    proseWrap: 'preserve',
  });
}
