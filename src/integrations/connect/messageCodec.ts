import {
  clone,
  equals,
  fromJson,
  toJson,
  type DescMessage,
  type Message,
  type Registry,
} from '@bufbuild/protobuf';
import type { JSONValue } from '../../ports.js';
import { saysTheSame, unwritable, type MessageCodec, type Snapshot } from '../messageCall.js';

export function createMessageCodec(type: DescMessage, registry: Registry | undefined): MessageCodec<Message> {
  const options = registry && { registry };

  function toJSON(message: Message): JSONValue {
    try {
      return toJson(type, message, options);
    } catch (cause) {
      throw unwritable(type.typeName, cause);
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
      // An untyped handler may return a value of another type: let Connect fail when it sends the value.
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
          // JSON drops unknown fields: keep the original message where the answer equals it.
          if (!amended) return undefined;
          const isSame = saysTheSame(answer, json) || equals(type, amended.message, message);
          return isSame ? { message, isSame } : amended;
        },
      };
    },
  };
}
