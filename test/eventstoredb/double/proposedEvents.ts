import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ProposedEvent } from './storedEvent.js';

/** The ProposedMessage of both append calls. */
type ProposedMessage = {
  getId(): shared.UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
};

const forms = [
  /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/,
  /^\{(.{36})\}$/,
  /^\((.{36})\)$/,
];

/** .NET parses a Guid with or without hyphens, in braces, parentheses or between blanks, and writes it one way. */
const guid = (id: string): string => {
  const text = id.trim().toLowerCase();
  for (const form of forms) {
    const parts = form.exec(text);
    if (parts) return parts.slice(1).join('-');
  }
  return text;
};

export const proposedEvent = (message: ProposedMessage): ProposedEvent => {
  const metadata = message.getMetadataMap();
  return {
    id: guid(message.getId()?.getString() ?? ''),
    type: metadata.get('type') ?? '',
    contentType: metadata.get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};
