import type { Command } from 'commander';

export const helpName = 'help';

const isShown = (command: Command): boolean => command.commands.length > 0;

/** Replaces commander's help command, which reads only one word. */
function addHelpCommand(group: Command): void {
  group
    .command(helpName)
    .description('show the help of a command or of a command inside it')
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      let found = group;
      for (const word of words) {
        const next = found.commands.find((each) => each.name() === word);
        // Words after a complete command are its arguments.
        if (!next && !isShown(found)) break;
        // Refuse an unknown word, as the program does, and name the nearest command.
        if (!next) {
          await found.parseAsync([word], { from: 'user' });
          return;
        }
        found = next;
      }
      found.help();
    });
}

/** Adds `help` to the program and to each group of commands. Call it after adding all commands. */
export function addHelp(program: Command): void {
  const groups = program.commands.filter(isShown);
  for (const group of groups) addHelp(group);
  program.helpCommand(false);
  addHelpCommand(program);
}
