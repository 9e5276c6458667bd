import { useRef, useState } from 'preact/hooks';
import { asFailure, type Failure } from '../api/requestFailure.js';
import { useApp } from './app.js';

/** A change under way. */
export interface Change {
  readonly isBusy: boolean;
  readonly failure: Failure | undefined;
  /** Makes the change. A second one during the first is ignored. The shown data are read again afterwards. */
  readonly run: (change: () => Promise<void>) => void;
  readonly forget: () => void;
}

export function useChange(): Change {
  const { connection } = useApp();
  const isUnderWay = useRef(false);
  const [state, setState] = useState<Pick<Change, 'isBusy' | 'failure'>>({
    isBusy: false,
    failure: undefined,
  });

  function run(change: () => Promise<void>): void {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setState({ isBusy: true, failure: undefined });
    change()
      .then(
        () => {
          setState({ isBusy: false, failure: undefined });
          connection.changed();
        },
        (error: unknown) => setState({ isBusy: false, failure: asFailure(error) }),
      )
      .finally(() => {
        isUnderWay.current = false;
      });
  }

  return { ...state, run, forget: () => setState({ isBusy: false, failure: undefined }) };
}
