import type { DeadLetter, DeadLetterQuery, DeliveryStore } from './deliveryStore.js';

const pageSize = 500;

/** Every dead letter that matches the query, read page by page. */
export async function allDeadLetters(
  store: Pick<DeliveryStore, 'deadLetters'>,
  query: Omit<DeadLetterQuery, 'after' | 'limit'>,
): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for (;;) {
    const after = found.at(-1)?.id;
    const page = await store.deadLetters({
      ...query,
      ...(after !== undefined && { after }),
      limit: pageSize,
    });
    found.push(...page);
    if (page.length < pageSize) return found;
  }
}
