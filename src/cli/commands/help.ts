import type { Command } from 'commander';

export const helpName = 'help';

const isShown = (command: Command): boolean => command.commands.length > 0;

/** commander's own help command looks one word deep; this one looks at every word. */
function addHelpCommand(group: Command): void {
  group
    .command(helpName)
    .description('show the help of a command, as deep as it is named')
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      let found = group;
      for (const word of words) {
        const next = found.commands.find((each) => each.name() === word);
        // The words after a whole command are its arguments.
        if (!next && !isShown(found)) break;
        // An unknown word is refused, with the nearest command, as it is without help.
        if (!next) {
          await found.parseAsync([word], { from: 'user' });
          return;
        }
        found = next;
      }
      found.help();
    });
}

/** Adds `help` to the program and each group of commands. Call it once all commands are added. */
export function addHelp(program: Command): void {
  const groups = program.commands.filter(isShown);
  for (const group of groups) addHelp(group);
  program.helpCommand(false);
  addHelpCommand(program);
}
