import { isActionsError, TargetNotFoundError } from '../../errors.js';
import type { Actions } from '../../index.js';
import { suggestion } from '../../lib/reading/nearestName.js';

const mostNames = 1_000;

/** A target that does not exist, with advice on what the user meant. */
class UnknownTargetError extends TargetNotFoundError {
  constructor(reference: string, advice: string) {
    super(reference);
    this.message += advice;
  }
}

/**
 * An error of a command. Where it names a target that does not exist, it also tells the nearest name, or the id of the
 * target that has this name.
 */
export async function withNearestTarget({ targets }: Actions, error: unknown): Promise<unknown> {
  if (!isActionsError(error, 'TARGET_NOT_FOUND') || !('targetID' in error)) return error;
  const reference = error.targetID;
  const { items } = await targets.list({ limit: mostNames });
  const namesake = items.find(({ name }) => name.toLowerCase() === reference.toLowerCase());
  if (namesake)
    return new UnknownTargetError(
      reference,
      `; an id is needed here: the target with this name has the id ${namesake.id}`,
    );
  const advice = suggestion(
    [reference],
    items.map(({ name }) => name),
  );
  return advice === '' ? error : new UnknownTargetError(reference, advice);
}
