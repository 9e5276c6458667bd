import type Database from 'better-sqlite3';
import { type LogPage, pageEvents, pagePositions, type StoredEvent } from '../local/eventLog.js';
import { type NameRange, prefixRanges } from '../local/prefixRanges.js';
import { categoryOf } from '../local/category.js';

/** Data of more bytes are fetched with their event and not with the page, so that a page stays small. */
const largeBytes = 8_192;
/** The most categories of a filter; a filter with more examines every event. */
const mostCategories = 16;

/** The columns of a {@link StoredEvent}, of tables `event` and `stream`. */
export const eventColumns = `event.position, stream.name, event.version, event.id, event.type,
  CASE WHEN octet_length(event.data) > ${largeBytes} THEN NULL ELSE event.data END, event.metadata, event.created`;

type PageReader = (after: number, head: number) => LogPage;

/**
 * Reads pages of the log. A prefix is a range of stream names. The statement reads the events of the categories in this
 * range by index, and merges them by position, however many other events lie between them.
 */
export function pageStatements(
  db: Database.Database,
): (prefixes: readonly string[] | undefined) => PageReader {
  const prepared = new Map<string, Database.Statement<[object]>>();
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? db.prepare<[object]>(sql).raw();
    prepared.set(sql, statement);
    return statement;
  };
  const read = (sql: string, parameters: object, until: number): LogPage => {
    const events = prepare(sql).all(parameters) as StoredEvent[];
    const last = events.at(-1);
    return {
      events,
      examined: last !== undefined && events.length === pageEvents ? last[0] : until,
    };
  };

  return (prefixes) => {
    const ranges = prefixRanges(prefixes);
    const findCategories = ranges && categoryStatement(db, ranges);
    const names = Object.fromEntries(
      (ranges ?? []).flatMap(({ from, to }, index) => [
        [`from${index}`, from],
        [`to${index}`, to],
      ]),
    );
    const filter = filterOf(ranges ?? []);
    const filterInCategories = ranges?.every(coversCategories) === true ? '' : filter;
    return (after, head) => {
      const until = Math.min(after + pagePositions, head);
      const categories = findCategories?.();
      if (categories?.length === 0) return { events: [], examined: until };
      const parameters = { after, until, ...names };
      if (categories === undefined || categories.length > mostCategories)
        return read(pageSQL([positionsSQL(filter)]), parameters, until);
      for (const [index, id] of categories.entries()) Object.assign(parameters, { [`category${index}`]: id });
      const arms = categories.map((_, index) =>
        positionsSQL(`AND event.category = @category${index} ${filterInCategories}`),
      );
      return read(pageSQL(arms), parameters, until);
    };
  };
}

function pageSQL(arms: readonly string[]): string {
  return `SELECT ${eventColumns}
    FROM (${arms.join(' UNION ALL ')} ORDER BY position LIMIT ${pageEvents}) AS page
    CROSS JOIN event ON event.position = page.position
    CROSS JOIN stream ON stream.id = event.stream`;
}

function positionsSQL(condition: string): string {
  const join = condition.includes('stream.name') ? 'CROSS JOIN stream ON stream.id = event.stream' : '';
  return `SELECT event.position AS position FROM event ${join}
    WHERE event.position > @after AND event.position <= @until ${condition}`;
}

function filterOf(ranges: readonly NameRange[]): string {
  if (ranges.length === 0) return '';
  const one = ({ to }: NameRange, index: number) =>
    `(stream.name >= @from${index}${to === undefined ? '' : ` AND stream.name < @to${index}`})`;
  return `AND (${ranges.map(one).join(' OR ')})`;
}

/** Whether the range holds all streams of every category in it. */
function coversCategories({ from }: NameRange): boolean {
  const dash = from.indexOf('-');
  return dash === -1 || dash === from.length - 1;
}

/** The categories of the streams in these ranges. Read for each page: another process may have added a category. */
function categoryStatement(db: Database.Database, ranges: readonly NameRange[]): () => readonly number[] {
  const parameters: string[] = [];
  const conditions = ranges.map((range) => {
    const { from, to } = range.from.includes('-') ? exactly(categoryOf(range.from)) : range;
    parameters.push(from);
    if (to === undefined) return 'name >= ?';
    parameters.push(to);
    return to === from ? '(name >= ? AND name <= ?)' : '(name >= ? AND name < ?)';
  });
  const statement = db
    .prepare<string[], number>(
      `SELECT id FROM category WHERE ${conditions.join(' OR ')} ORDER BY id LIMIT ${mostCategories + 1}`,
    )
    .pluck();
  return () => statement.all(...parameters);
}

const exactly = (name: string): NameRange => ({ from: name, to: name });
