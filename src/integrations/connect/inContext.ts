/**
 * The same messages, each asked for in the caller's context: the body of an async generator runs in the context of whoever
 * asks for its next value, not in that of whoever made it.
 */
export const inContext = <Message>(
  messages: AsyncIterable<Message>,
  call: { run<Result>(action: () => Result): Result },
): AsyncIterable<Message> => ({
  [Symbol.asyncIterator]() {
    const iterator = call.run(() => messages[Symbol.asyncIterator]());
    return {
      next: () => call.run(() => iterator.next()),
      return: (value: unknown) =>
        call.run(() => iterator.return?.(value) ?? Promise.resolve({ done: true as const, value })),
    };
  },
});
