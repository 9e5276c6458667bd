import type { FastifyReply } from 'fastify';

/** The body that the route's serialiser produces from content; `undefined` where it produces none. */
export function serialised(reply: FastifyReply, content: unknown): string | undefined {
  const mediaType = String(reply.getHeader('content-type') ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  const attempts: (() => unknown)[] = [() => reply.serialize(content)];
  // Where the response schema has one for each content type, `serialize` alone does not find it.
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
      // The content type has no serialiser here.
    }
  return undefined;
}
