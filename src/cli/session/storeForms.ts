/** How the location of an event store is written. */
export const storeForms =
  'sqlite:<path>, postgres://<host>/<database>, esdb://<host>:<port> or kurrentdb://<host>:<port>';
