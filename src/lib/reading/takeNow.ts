/** Reads once, at once. The returned function gives the value, or throws the error of the read, at each call. */
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
