import type { Command } from 'commander';

export const helpName = 'help';

const isShown = (command: Command): boolean => command.commands.length > 0;

/** commander's own help command looks one word deep; this one goes as deep as its words do. */
function addHelpCommand(group: Command): void {
  group
    .command(helpName)
    .description('show the help of a command, as deep as it is named')
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      let found = group;
      for (const word of words) {
        const next = found.commands.find((each) => each.name() === word);
        // What stands behind a whole command is an argument of it.
        if (!next && !isShown(found)) break;
        // A word that is unknown is refused, with the nearest one, as it is where it stands by itself.
        if (!next) {
          await found.parseAsync([word], { from: 'user' });
          return;
        }
        found = next;
      }
      found.help();
    });
}

/** Gives the program and each group of commands a `help`. To be called once all commands are there. */
export function addHelp(program: Command): void {
  const groups = program.commands.filter(isShown);
  for (const group of groups) addHelp(group);
  program.helpCommand(false);
  addHelpCommand(program);
}
