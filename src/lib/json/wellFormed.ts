const halfSurrogatePair = /\p{Surrogate}/u;

/** Whether a text has a UTF-8 form. A store would change any other text: two texts could become the same. */
export const isWellFormed = (text: string): boolean => !halfSurrogatePair.test(text);
