import { Argument, type Command } from 'commander';
import type { Session } from '../session/commandSession.js';
import { helpName } from './help.js';

const name = 'eventstore-actions';

/** Each script runs the program for its suggestions, so that they fit the installed version. */
const scripts = {
  bash: `_eventstore_actions() {
  local IFS=$'\\n'
  COMPREPLY=($(${name} __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _eventstore_actions ${name}
`,
  // The script can be sourced, or stored as `_eventstore-actions` in the fpath: there the file itself is the function at
  // its first call.
  zsh: `#compdef ${name}
_${name}() {
  local -a candidates
  candidates=("\${(@f)$(${name} __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $candidates ]]; then compadd -- $candidates; else _files; fi
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _${name} ${name}
fi
`,
  fish: `function __eventstore_actions
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates (${name} __complete -- $words[2..-1] 2>/dev/null)
  if test (count $candidates) -gt 0
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c ${name} -f -a '(__eventstore_actions)'
`,
} as const;

/** The words that may complete the last one. */
function candidates(program: Command, words: readonly string[]): readonly string[] {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command = program;
  for (const word of before)
    // `help` takes the same commands as the program.
    if (word !== helpName) command = command.commands.find((each) => each.name() === word) ?? command;
  const isVisible = (each: Command) => !each.name().startsWith('__');
  const helper = command.createHelp();
  const options = [...helper.visibleOptions(command), ...program.options];
  const previous = before.at(-1);
  const expecting = options.find(({ long, required }) => required && long !== undefined && long === previous);
  const found =
    expecting !== undefined
      ? (expecting.argChoices ?? [])
      : current.startsWith('-')
        ? options.flatMap(({ long }) => long ?? [])
        : [
            ...command.commands.filter(isVisible).map((each) => each.name()),
            ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
          ];
  return [...new Set(found)].filter((word) => word.startsWith(current)).sort();
}

export function addCompletion(program: Command, session: Session): void {
  program
    .command('completion')
    .description('print the script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(eventstore-actions completion bash)
  $ source <(eventstore-actions completion zsh)
  $ eventstore-actions completion fish | source
`,
    )
    .action((shell: keyof typeof scripts) => {
      session.terminal.stdout.write(scripts[shell]);
    });

  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => {
      session.terminal.stdout.write(
        candidates(program, words)
          .map((word) => `${word}\n`)
          .join(''),
      );
    });
}
