import type { Command } from 'commander';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { format } from 'prettier';
import { declarationJSONSchema } from '../../src/cli/declaration/declaration.js';
import { createProgram } from '../../src/cli/program.js';
import { createSession } from '../../src/cli/session/commandSession.js';

/** The program, for its help alone. */
export function programForHelp(): Command {
  const silent = () => Object.assign(new EventEmitter(), { write: () => undefined });
  const terminal = Object.assign(new EventEmitter(), {
    env: {},
    stdin: Readable.from([]),
    stdout: silent(),
    stderr: silent(),
  });
  return createProgram(createSession(terminal, new AbortController().signal));
}

/** A command: the words after the name of the program. */
interface DocumentedCommand {
  readonly words: readonly string[];
  readonly help: string;
}

/** The whole output of `--help` for a command, with the texts that are added before and after it. */
function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

function* commandsBelow(command: Command, words: readonly string[]): Iterable<DocumentedCommand> {
  yield { words, help: helpOf(command) };
  for (const each of command.createHelp().visibleCommands(command))
    if (each.name() !== 'help') yield* commandsBelow(each, [...words, each.name()]);
}

export const documentedCommands = (): readonly DocumentedCommand[] => [
  ...commandsBelow(programForHelp(), []),
];

const introduction = `# Command line

\`npx eventstore-actions\` is the program for operators. The program prints every text below (\`npm run docs:write\` writes
this page, and the tests compare it). [Operations](../guides/operations.md) shows how to use the commands.

- The result goes to stdout, all other texts for people to stderr. With \`--json\` stdout has one JSON document (\`listen\`: one
  a line), and an error is one line \`{"error":{"code","message"}}\` on stderr; positions are text, since JavaScript's numbers
  cannot hold them.
- Exit codes: 0 done, 1 failed or refused, 2 wrong usage, 3 a difference (the index has drifted or is not healthy, a target of
  \`deliveries status\` is not healthy, or \`apply --dry-run\` found something to change), 130 interrupted.
- The output has colours only in a terminal, and not where \`NO_COLOR\` is set.
- Conditions are written as execution ids: \`event/order.placed\`, \`event/order.*\`, \`event\`, \`request/pkg.Service/Method\`,
  \`request/pkg.Service\`, \`request\`, \`response/...\`, \`function/name\`. Durations: \`500ms\`, \`2s\`, \`1m\`, \`1h\`, \`1d\`.
- Every command also takes the global options of the first command below, before or after its name.
- \`apply.schema.json\` beside this page is the JSON Schema of the file of \`apply\`, for editors.
`;

/** Every command repeats the global options; the page has them once. */
export const onPage = (help: string): string => help.replace(/Global Options:\n(?: {2}.*\n)+\n?/, '').trim();

/** docs/reference/cli.md */
function cliPage(): string {
  const sections = documentedCommands().map(
    ({ words, help }) =>
      `## ${['eventstore-actions', ...words].join(' ')}\n\n\`\`\`text\n${onPage(help)}\n\`\`\`\n`,
  );
  return [introduction, ...sections].join('\n');
}

/** docs/reference/apply.schema.json */
const applySchema = (): Promise<string> =>
  format(JSON.stringify(declarationJSONSchema()), { parser: 'json', printWidth: 110 });

export const referencePages = async (): Promise<Readonly<Record<string, string>>> => ({
  'docs/reference/cli.md': cliPage(),
  'docs/reference/apply.schema.json': await applySchema(),
});
