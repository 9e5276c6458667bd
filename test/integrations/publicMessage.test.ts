import { expect } from 'chai';
import {
  AlreadyExistsError,
  AppendTooLargeError,
  CircularIncludeError,
  ConcurrencyConflictError,
  DeadlineExceededError,
  EventStoreUnavailableError,
  ExecutionNotFoundError,
  IndexNotReadyError,
  InvalidArgumentError,
  MaxIncludeDepthError,
  OutcomeUnknownError,
  PublicKeyNotFoundError,
  ReentrancyLimitError,
  SecretUnreadableError,
  StreamDeletedError,
  TargetInterruptedError,
  TargetNotFoundError,
  type ActionsError,
  type TargetInterruptedDetails,
} from '../../src/errors.js';
import { publicMessage } from '../../src/integrations/publicMessage.js';

const inner = 'order-4711';
const where: TargetInterruptedDetails = {
  targetID: inner,
  executionID: inner,
  reason: 'refused',
  status: 403,
};

const withheld: readonly ActionsError[] = [
  new TargetNotFoundError(inner),
  new ExecutionNotFoundError(inner),
  new PublicKeyNotFoundError(inner, inner),
  new AlreadyExistsError(inner),
  new ConcurrencyConflictError(inner, 3n, 4n),
  new StreamDeletedError(inner),
  new AppendTooLargeError(inner, 10),
  new CircularIncludeError([inner, inner]),
  new MaxIncludeDepthError([inner], 3),
  new DeadlineExceededError(inner),
  new ReentrancyLimitError(inner),
  new IndexNotReadyError(inner),
  new EventStoreUnavailableError(inner),
  new OutcomeUnknownError(inner, [inner], 'any', { detail: inner }),
  new SecretUnreadableError(inner),
  new TargetInterruptedError(inner, where),
  new TargetInterruptedError(inner, { ...where, reason: 'status', status: 412, cause: new Error(inner) }),
  new TargetInterruptedError(inner, { ...where, reason: 'timeout', status: 504 }),
];

describe('the message for callers outside', () => {
  for (const error of withheld)
    it(`says what happened, without names, for ${error.code}${'reason' in error ? ` (${String(error.reason)})` : ''}`, () => {
      expect(publicMessage(error))
        .to.match(/^[a-z][a-z :]{10,}$/)
        .and.not.contain(inner);
    });

  it("is the target's own for a refusal with a message, and only for a refusal", () => {
    const forwardedMessage = 'not on a Sunday';
    expect(publicMessage(new TargetInterruptedError(inner, { ...where, forwardedMessage }))).to.equal(
      forwardedMessage,
    );
    expect(
      publicMessage(new TargetInterruptedError(inner, { ...where, reason: 'status', forwardedMessage })),
    ).to.equal('a policy of this service failed');
  });

  it("is the error's own for a mistake of the caller", () => {
    expect(publicMessage(new InvalidArgumentError('quantity is a number'))).to.equal('quantity is a number');
  });

  it('is a general one for an error with a code that only another copy of the package knows', () => {
    const other = Object.assign(new Error(inner), { code: 'LATER', status: 400, grpcCode: 3 });
    expect(publicMessage(other as unknown as ActionsError)).to.equal('this service failed');
  });
});
