import { useCallback, useEffect, useState } from 'preact/hooks';
import { asFailure, type Failure } from '../api/requestFailure.js';
import { useApp } from './app.js';
import { useStore } from './store.js';

/** The result of reading a path. The last answer stays while the path is read again. */
export interface Query<Answer> {
  readonly data: Answer | undefined;
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
  /** Shows the answer of a change, so that the next change starts from it, until the path is read again. */
  readonly show: (answer: Answer) => void;
}

interface State<Answer> {
  readonly data: Answer | undefined;
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
}

/**
 * Reads a path, and again after every change and when the connection is back; with `everyMs` also regularly while the page
 * is visible. `undefined` reads nothing.
 */
export function useQuery<Answer>(path: string | undefined, everyMs?: number): Query<Answer> {
  const { client, connection } = useApp();
  const generation = useStore(connection.generation);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<State<Answer>>({
    data: undefined,
    failure: undefined,
    isLoading: path !== undefined,
  });
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const show = useCallback((data: Answer) => setState((last) => ({ ...last, data })), []);

  useEffect(() => {
    if (path === undefined) return undefined;
    const over = new AbortController();
    setState((last) => ({ ...last, isLoading: true }));
    client.get<Answer>(path, over.signal).then(
      (data) => setState({ data, failure: undefined, isLoading: false }),
      (error: unknown) => {
        const failure = asFailure(error);
        if (failure.kind === 'ended') return;
        setState(({ data }) => ({ data, failure, isLoading: false }));
      },
    );
    return () => over.abort();
  }, [client, path, generation, turn]);

  useEffect(() => {
    if (everyMs === undefined || path === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden && !connection.isLost.get()) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [connection, path, everyMs, reload]);

  // A path that is dropped while it is read is no longer asked for.
  return { ...state, isLoading: state.isLoading && path !== undefined, reload, show };
}
