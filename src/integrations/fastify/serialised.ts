import type { FastifyReply } from 'fastify';

/** What the route's serialiser makes of content; `undefined` where it makes no body of it. */
export function serialised(reply: FastifyReply, content: unknown): string | undefined {
  const mediaType = String(reply.getHeader('content-type') ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  const attempts: (() => unknown)[] = [() => reply.serialize(content)];
  // Where the response schema tells content types apart, `serialize` alone does not find it.
  if (mediaType)
    attempts.push(() =>
      reply.getSerializationFunction(
        String(reply.statusCode),
        mediaType,
      )?.(content as Record<string, unknown>),
    );
  for (const attempt of attempts)
    try {
      const body = attempt();
      if (typeof body === 'string') return body;
    } catch {
      // Not by this one.
    }
  return undefined;
}
