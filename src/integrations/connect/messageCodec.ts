import {
  clone,
  equals,
  fromJson,
  toJson,
  type DescMessage,
  type Message,
  type Registry,
} from '@bufbuild/protobuf';
import { InvalidArgumentError } from '../../errors.js';
import type { JSONValue } from '../../ports.js';
import { saysTheSame, type MessageCodec, type Snapshot } from '../messageCall.js';

export function createMessageCodec(type: DescMessage, registry: Registry | undefined): MessageCodec<Message> {
  const options = registry && { registry };

  function toJSON(message: Message): JSONValue {
    try {
      return toJson(type, message, options);
    } catch (cause) {
      throw new InvalidArgumentError(`a ${type.typeName} cannot be written as JSON`, {
        cause,
      });
    }
  }

  function fromJSON(json: JSONValue): { readonly message: Message } | undefined {
    try {
      return { message: fromJson(type, json as never, options) };
    } catch {
      return undefined;
    }
  }

  function copy(message: Message): Message {
    try {
      return clone(type, message);
    } catch {
      // A handler without types may return a value that is no message of its type: Connect fails when it sends it.
      return message;
    }
  }

  return {
    toJSON,
    fromJSON,
    snapshot(original): Snapshot<Message> {
      const message = copy(original);
      const json = () => toJSON(message);
      return {
        json,
        message: () => message,
        amend(answer) {
          const amended = fromJSON(answer);
          // JSON has no unknown fields: they are kept where the answer changes nothing.
          if (!amended) return undefined;
          return saysTheSame(answer, json) || equals(type, amended.message, message) ? { message } : amended;
        },
      };
    },
  };
}
