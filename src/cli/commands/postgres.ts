import type { Command } from 'commander';
import { fromCommandLine } from '../shell/failure.js';
import { parseText } from '../shell/flags.js';
import type { Session } from '../session/commandSession.js';

/** `postgres schema`: prints the SQL of the tables, for migrations that users run themselves. */
export function addPostgres(program: Command, session: Session): void {
  const postgres = program
    .command('postgres')
    .description('the tables of the stores in PostgreSQL')
    .addHelpText('after', '\nExample:\n  $ eventstore-actions postgres schema | psql "$DATABASE_URL"\n');
  postgres
    .command('schema')
    .description(
      'print the SQL that creates the tables of the event store and of deliveries; running it again changes nothing',
    )
    .option('--schema <name>', 'name of the schema', parseText(63), 'eventstore_actions')
    .addHelpText('after', '\nExample:\n  $ eventstore-actions postgres schema | psql "$DATABASE_URL"\n')
    .action(async ({ schema }: { readonly schema: string }, command: Command) => {
      const { deliverySchemaSQL, schemaSQL } = await import('../../stores/postgres/index.js');
      const sql = fromCommandLine(() => schemaSQL(schema) + deliverySchemaSQL(schema));
      session.output(command).result({ schema, sql }, () => sql);
    });
}
