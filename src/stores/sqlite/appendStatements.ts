import type Database from 'better-sqlite3';
import { unwritten, type AppendOutcome } from '../local/answerGroup.js';
import { decideAppend } from '../local/decideAppend.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import { categoryOf } from '../local/category.js';

interface StreamRow {
  readonly id: number;
  readonly category: number;
  /** Not `null` in a file that only this store has written. */
  readonly last: number | null;
}

/** Decides an append and writes it, inside a transaction of the caller. A refused append writes nothing. */
export function appendStatements(
  db: Database.Database,
): (append: ProposedAppend, created: number) => AppendOutcome {
  const findStream = db.prepare<[string], StreamRow>(
    'SELECT id, category, (SELECT max(version) FROM event WHERE stream = stream.id) AS last FROM stream WHERE name = ?',
  );
  const findID = db
    .prepare<[number, number], string>('SELECT id FROM event WHERE stream = ? AND version = ?')
    .pluck();
  const findVersion = db
    .prepare<[number, string], number | null>('SELECT max(version) FROM event WHERE stream = ? AND id = ?')
    .pluck();
  const findPosition = db
    .prepare<[number, number], number>('SELECT position FROM event WHERE stream = ? AND version = ?')
    .pluck();
  const findCategory = db.prepare<[string], number>('SELECT id FROM category WHERE name = ?').pluck();
  const addCategory = db.prepare<[string]>('INSERT INTO category (name) VALUES (?)');
  const addStream = db.prepare<[string, number]>('INSERT INTO stream (name, category) VALUES (?, ?)');
  const addEvent = db.prepare(
    'INSERT INTO event (stream, category, version, id, type, created, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );

  const createStream = (name: string): StreamRow => {
    const categoryName = categoryOf(name);
    const category = findCategory.get(categoryName) ?? Number(addCategory.run(categoryName).lastInsertRowid);
    return { id: Number(addStream.run(name, category).lastInsertRowid), category, last: null };
  };

  return (append, created) => {
    const found = findStream.get(append.stream);
    const decision = decideAppend(append, {
      last: found?.last ?? undefined,
      idAt: (version) => found && findID.get(found.id, version),
      latestVersionOf: (id) => (found && findVersion.get(found.id, id)) ?? undefined,
    });
    if (decision.kind !== 'append')
      return unwritten(append, decision, (version) => found && findPosition.get(found.id, version));
    const stream = found ?? createStream(append.stream);
    let version = decision.firstVersion - 1;
    let position: number | bigint = 0;
    for (const { id, type, metadata, data } of append.events) {
      version += 1;
      position = addEvent.run(
        stream.id,
        stream.category,
        version,
        id,
        type,
        created,
        metadata,
        data,
      ).lastInsertRowid;
    }
    return { result: { version: BigInt(version), position: BigInt(position) }, written: true };
  };
}
