import type { FastifyReply } from 'fastify';

/** Serialises content as the route does. Returns `undefined` where the route has no serialiser for it. */
export function serialised(reply: FastifyReply, content: unknown): string | undefined {
  const mediaType = String(reply.getHeader('content-type') ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  const attempts: (() => unknown)[] = [() => reply.serialize(content)];
  // `serialize` does not find the schema of a content type by itself.
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
      // The route has no serialiser for this content type.
    }
  return undefined;
}
