/** The members of a stream in object mode that are used here. */
interface Flowing<Arrival> {
  readonly readableLength: number;
  on(event: 'data', listener: (event: Arrival) => void): unknown;
}

/**
 * Passes events and notices (checkpoints, caught up) on in the order in which the server sent them.
 *
 * The client passes notices on at once, but an event only when its stream flows: after a pause, events that came before a
 * checkpoint are still in the stream's buffer when the client passes the checkpoint on. Resuming from such a checkpoint
 * would lose them. A notice therefore waits until the events that are buffered at that moment have been passed on.
 *
 * @returns the function to call with a notice
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
