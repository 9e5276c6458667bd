/** Compiled, never run: the hand-written types of inputs equal those of the schemas. */
import type { z } from 'zod';
import type { addTargetInput, changeTargetInput } from '../../src/target/targetSchemas.js';
import type { AddTarget, ChangeTarget } from '../../src/target/targetInput.js';

type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;
type Input<Schema extends z.ZodType> = Readonly<z.input<Schema>>;

export const isSame: readonly true[] = [
  true satisfies Same<AddTarget, Input<typeof addTargetInput>>,
  true satisfies Same<keyof AddTarget, keyof Input<typeof addTargetInput>>,
  true satisfies Same<ChangeTarget, Input<typeof changeTargetInput>>,
  true satisfies Same<keyof ChangeTarget, keyof Input<typeof changeTargetInput>>,
];
