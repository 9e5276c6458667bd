import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addApply } from './commands/declaration/apply.js';
import { addBacktest } from './commands/rehearsal/backtest.js';
import { addCalls } from './commands/calls.js';
import { addCompletion } from './commands/completion.js';
import { addDeliveries } from './commands/deliveries/deliveries.js';
import { addWork } from './commands/deliveries/work.js';
import { addDemo } from './commands/demo.js';
import { addExecutions } from './commands/executions.js';
import { addExplain } from './commands/rehearsal/explain.js';
import { addExport } from './commands/declaration/export.js';
import { addFire } from './commands/rehearsal/fire.js';
import { addHelp } from './commands/help.js';
import { addKeyring } from './commands/keyring.js';
import { addListen } from './commands/listen.js';
import { addPostgres } from './commands/postgres.js';
import { addProjection } from './commands/projection.js';
import { addServe } from './commands/serve.js';
import { addTargetKeys } from './commands/targets/targetKeys.js';
import { addTargets } from './commands/targets/targets.js';
import { addGlobalOptions, type GlobalOptions } from './session/globalOptions.js';

import type { Session } from './session/commandSession.js';

const { version } = createRequire(import.meta.url)('eventstore-actions/package.json') as {
  readonly version: string;
};

const examples = `
Examples:
  $ export EVENTSTORE_ACTIONS_STORE=sqlite:./events.db EVENTSTORE_ACTIONS_KEYRING=./keyring.json
  $ eventstore-actions targets add --name "order policy" --type requestResponse \\
      --endpoint https://policy.example/orders --timeout 2s --interrupt-on-error
  $ eventstore-actions executions set 'event/order.*' 'order policy'
  $ eventstore-actions explain event/order.placed
  $ eventstore-actions fire event/order.placed --data order.json
  $ eventstore-actions export > actions.yaml && eventstore-actions apply actions.yaml
  $ eventstore-actions help targets keys add

Key files:
  --keyring    { "activeKeyID": "k1", "keys": { "k1": "<base64 of 32 bytes>" } }
  --jwt-keys   { "activeKeyID": "k1", "keys": { "k1": "<private key as PEM>", or a JWK } }

Exit codes:
  0    done
  1    failed, or refused by the store, a target or a file; also fire --send where the operation would fail
  2    wrong usage: an argument, an option or a variable of the environment that is not valid
  3    a difference: the index has drifted or is not healthy; apply --dry-run found something to change;
       deliveries status found a durable target that is not healthy
  130  interrupted; what was done so far stays
`;

/** Builds the command line. docs/reference/cli.md shows its help. */
export function createProgram(session: Session): Command {
  const { terminal } = session;
  const program = new Command('eventstore-actions')
    .description('Call HTTP endpoints before events are appended, and let them watch, amend or veto.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      // Shows the help of a group without a command; as JSON with `--json`.
      writeErr: (text) => program.opts<GlobalOptions>().json !== true && terminal.stderr.write(text),
      // `run` shows the error, as JSON with `--json`.
      outputError: () => undefined,
    })
    .exitOverride();
  addGlobalOptions(program);

  const targets = addTargets(program, session);
  addTargetKeys(targets, session);
  addExecutions(program, session);
  addExplain(program, session);
  addFire(program, session);
  addBacktest(program, session);
  addApply(program, session);
  addExport(program, session);
  addProjection(program, session);
  addKeyring(program, session);
  addPostgres(program, session);
  addWork(program, session);
  addDeliveries(program, session);
  addListen(program, session);
  addServe(program, session);
  addCalls(program, session);
  addDemo(program, session);
  addCompletion(program, session);
  addHelp(program);
  return program;
}
