import { EventStoreContractError, type EventStoreMember } from '../../errors.js';
import { reportRejection } from '../../lib/ignoredError.js';
import { shownType, thrownText } from '../../lib/reading/shownValue.js';
import { isFields } from './answers.js';

/** Reads the tag rather than the class: an `Error` of another realm is an error too. */
const isError = (thrown: unknown): boolean => {
  try {
    return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';
  } catch {
    return false;
  }
};

/** What a member threw; a value that is no error becomes one. An aborted call may reject with any reason. */
export const thrownBy = (
  member: EventStoreMember,
  thrown: unknown,
  signal: AbortSignal | undefined,
): unknown =>
  isError(thrown) || signal?.aborted
    ? thrown
    : new EventStoreContractError(member, `it threw ${thrownText(thrown)}, which is no Error`, {
        cause: thrown,
      });

interface CheckedIterableOptions<Item> {
  readonly member: EventStoreMember;
  readonly signal: AbortSignal | undefined;
  readonly open: () => AsyncIterable<Item>;
  /** @throws {@link EventStoreContractError} */
  readonly check: (item: unknown) => void;
}

function openedIterator<Item>({ member, open }: CheckedIterableOptions<Item>): AsyncIterator<Item> {
  const iterable: unknown = open();
  const make: unknown = isFields(iterable) ? iterable[Symbol.asyncIterator] : undefined;
  if (typeof make !== 'function')
    throw new EventStoreContractError(member, `it returned ${shownType(iterable)} and no async iterable`);
  const iterator: unknown = make.call(iterable);
  if (!isFields(iterator) || typeof iterator['next'] !== 'function')
    throw new EventStoreContractError(member, 'its async iterable has no iterator with the function next');
  return iterator as unknown as AsyncIterator<Item>;
}

/** An iterable whose items are checked as they come. It opens the given one when the first item is asked for. */
export function checkedIterable<Item>(options: CheckedIterableOptions<Item>): AsyncIterable<Item> {
  const { member, signal, check } = options;

  function iterator(): AsyncIterator<Item> {
    let opened: AsyncIterator<Item> | undefined;
    let isOver = false;

    /** The consumer of an iterator that has thrown does not close it. */
    const closeBroken = (): void => {
      isOver = true;
      const close = async () => opened?.return?.();
      reportRejection(`the end of ${member} of the event store`, close());
    };

    const checked = (result: unknown): IteratorResult<Item> => {
      try {
        if (!isFields(result)) throw new EventStoreContractError(member, `next gave ${shownType(result)}`);
        if (result['done']) isOver = true;
        else check(result['value']);
        return result as unknown as IteratorResult<Item>;
      } catch (error) {
        closeBroken();
        throw error;
      }
    };

    const failed = (thrown: unknown): never => {
      isOver = true;
      throw thrownBy(member, thrown, signal);
    };

    return {
      // Not an async function, which would cost each event a turn.
      next() {
        if (isOver) return Promise.resolve({ done: true, value: undefined });
        try {
          opened ??= openedIterator(options);
          return Promise.resolve(opened.next()).then(checked, failed);
        } catch (error) {
          isOver = true;
          return Promise.reject(thrownBy(member, error, signal));
        }
      },
      async return() {
        if (!isOver) {
          isOver = true;
          await opened?.return?.();
        }
        return { done: true, value: undefined };
      },
    };
  }

  return { [Symbol.asyncIterator]: iterator };
}
