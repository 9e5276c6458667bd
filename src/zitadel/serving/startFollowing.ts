import { soon } from '../../lib/clock.js';

/**
 * Starts a subscription by requesting its first message, and requests each further message before the caller takes
 * the present one. Rejects where the subscription is refused, which shows within one turn of the event loop.
 */
export async function startFollowing<Message>(
  messages: AsyncIterable<Message>,
): Promise<AsyncIterable<Message>> {
  const following = messages[Symbol.asyncIterator]();
  let next = following.next();
  await Promise.race([
    next,
    new Promise<void>((resolve) => soon('the start of a follower of calls', resolve)),
  ]);
  return (async function* () {
    for (let each = await next; each.done !== true; each = await next) {
      next = following.next();
      yield each.value;
    }
  })();
}
