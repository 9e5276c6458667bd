/** A stream in object mode, as far as it is used here. */
interface Flowing<Arrival> {
  readonly readableLength: number;
  on(event: 'data', listener: (event: Arrival) => void): unknown;
}

/**
 * Hands on events and news (checkpoints, caught up) in the order in which the server sent them.
 *
 * The client tells news at once, but an event only when its stream flows: where the stream was held back, events that came
 * before a checkpoint are still in its buffer when the checkpoint is told. Resuming from such a checkpoint would lose
 * them. So news waits until what is buffered at that moment has been handed on.
 *
 * @returns what to call with news
 */
export function inOrder<Arrival>(
  stream: Flowing<Arrival>,
  handOn: (arrival: Arrival) => void,
): (news: Arrival) => void {
  const waiting: { readonly after: number; readonly news: Arrival }[] = [];
  let delivered = 0;
  stream.on('data', (event: Arrival) => {
    delivered += 1;
    handOn(event);
    while (waiting[0] !== undefined && waiting[0].after <= delivered)
      handOn((waiting.shift() as { news: Arrival }).news);
  });
  return (news) => {
    if (stream.readableLength === 0) handOn(news);
    else waiting.push({ after: delivered + stream.readableLength, news });
  };
}
