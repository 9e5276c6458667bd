import { isActionsError } from '../errors.js';
import { thrownText } from './reading/shownValue.js';

/** The text of a thrown value for operators: the detail of an error of this library, which its message leaves out. */
export const detailText = (thrown: unknown): string =>
  isActionsError(thrown) ? (thrown.detail ?? thrown.message) : thrownText(thrown);
