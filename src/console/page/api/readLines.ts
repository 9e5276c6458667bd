/** The longest line. A longer one ends the stream: the server never sends one. */
const longestLine = 4_000_000;

/** Yields the lines of a stream of text, without line ends. @throws RangeError for a line that is too long */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  let rest = '';
  for await (const chunk of reader) {
    const parts = chunk.split('\n');
    parts[0] = rest + (parts[0] ?? '');
    rest = parts.pop() ?? '';
    if (rest.length > longestLine) throw new RangeError('a line of the stream is too long');
    yield* parts;
  }
  if (rest !== '') yield rest;
}
