/** A recorded event of a user's store, whole but for the fields that a test breaks. */
export const recorded = (fields: object = {}) => ({
  stream: 's',
  id: 'a',
  type: 't',
  data: {},
  metadata: {},
  version: 0n,
  position: 1n,
  created: new Date(0),
  ...fields,
});
