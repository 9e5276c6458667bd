import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ActionService } from '../generated/action_v2_pb.js';

type Methods = typeof ActionService.method;

/** The rpcs of version 2, run on behalf of a permitted caller, with requests whose fields have passed the rules. */
export type Rpcs = {
  readonly [Name in keyof Methods]: (
    request: MessageShape<Methods[Name]['input']>,
  ) => Promise<MessageInitShape<Methods[Name]['output']>>;
};
