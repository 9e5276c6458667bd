/** Reads at once, and gives what was read, or throws what reading threw, when it is asked for. */
export function takeNow<Value>(read: () => Value): () => Value {
  let taken: { readonly value: Value } | undefined;
  let problem: unknown;
  try {
    taken = { value: read() };
  } catch (error) {
    problem = error;
  }
  return () => {
    if (taken) return taken.value;
    throw problem;
  };
}
