import { fromJson, toJson, type DescMessage, type Message, type Registry } from '@bufbuild/protobuf';
import { InvalidArgumentError } from '../../errors.js';
import type { MessageCodec } from '../messageCall.js';

export function createMessageCodec(type: DescMessage, registry: Registry | undefined): MessageCodec<Message> {
  const options = registry && { registry };
  return {
    toJSON(message) {
      try {
        return toJson(type, message, options);
      } catch (cause) {
        throw new InvalidArgumentError(`a ${type.typeName} cannot be written as JSON; nothing was called`, {
          cause,
        });
      }
    },
    fromJSON(json) {
      try {
        return { message: fromJson(type, json as never, options) };
      } catch {
        return undefined;
      }
    },
  };
}
