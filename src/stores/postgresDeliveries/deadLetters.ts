import { targetKey } from '../../deliveries/store/keys.js';
import type { DeadLetter, DeadLetterQuery, DeliveryStore } from '../../deliveries/store/deliveryStore.js';
import type { Row } from '../postgres/pool.js';
import type { Questions } from './questions.js';
import { letterColumns, letterOf, selected } from './columns.js';
import { Statement } from './statement.js';
import { keptText, givenText } from './text.js';

/** The conditions of a query. */
function letterConditions(statement: Statement, query: DeadLetterQuery): string {
  const { partition, instanceID, targetID, stream, reason, isReplaying, after } = query;
  const texts = { instance: instanceID, target: targetID, stream, reason };
  const conditions = Object.entries(texts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${statement.value(keptText(value), 'text')}`],
  );
  if (partition !== undefined) conditions.push(`partition = ${statement.value(partition, 'int4')}`);
  if (isReplaying !== undefined) conditions.push(`is_replaying = ${statement.value(isReplaying, 'bool')}`);
  if (after !== undefined) conditions.push(`id > ${statement.value(keptText(after), 'text')}`);
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

export function createDeadLetters(
  questions: Questions,
): Pick<DeliveryStore, 'deadLetters' | 'deadLetter' | 'deadLetterCounts'> {
  const { schema } = questions;
  return {
    async deadLetters(query): Promise<readonly DeadLetter[]> {
      const statement = new Statement();
      const where = letterConditions(statement, query);
      const found = await questions.rows<Row>(
        `SELECT ${selected(letterColumns)} FROM ${schema}.delivery_dead_letter WHERE ${where}
         ORDER BY id LIMIT ${statement.value(query.limit, 'bigint')}`,
        statement.values,
      );
      return found.map(letterOf);
    },
    async deadLetter(id) {
      const [row] = await questions.rows<Row>(
        `SELECT ${selected(letterColumns)} FROM ${schema}.delivery_dead_letter WHERE id = $1`,
        [keptText(id)],
      );
      return row && letterOf(row);
    },
    async deadLetterCounts() {
      const counts = await questions.rows<{
        readonly instance: string;
        readonly target: string;
        readonly count: number;
      }>(
        `SELECT instance, target, count(*)::float8 AS count FROM ${schema}.delivery_dead_letter GROUP BY instance, target`,
      );
      return new Map(
        counts.map(({ instance, target, count }) => [
          targetKey({ instanceID: givenText(instance), targetID: givenText(target) }),
          count,
        ]),
      );
    },
  };
}
