import type { VNode } from 'preact';
import type { Failure } from '../api/requestFailure.js';
import { shown } from './text.js';

const titles: Readonly<Record<Failure['kind'], string>> = {
  signedOut: 'Signed out',
  stale: 'Changed meanwhile',
  missing: 'Not found',
  refused: 'Refused',
  lost: 'Connection lost',
  slow: 'No answer yet',
  ended: 'Stopped',
};

/** Shows why a request failed. Screen readers read it at once. */
export const Problem = ({ failure }: { readonly failure: Failure | undefined }): VNode => (
  <div role="alert">
    {failure && (
      <div class="notice bad">
        <strong>{titles[failure.kind]}.</strong> {shown(failure.message, 1_000)}
        {failure.kind === 'stale' && '. Your entries are kept.'}
      </div>
    )}
  </div>
);
