import type { VNode } from 'preact';
import { Button } from '../parts/button.js';
import { useApp } from '../state/app.js';
import { useStore } from '../state/store.js';
import { shown } from '../parts/text.js';

/** Shows whether the server can be reached, and the result of the last change. */
export function Banner(): VNode {
  const { connection, said } = useApp();
  const isLost = useStore(connection.isLost);
  const text = useStore(said);
  return (
    <>
      <div role="alert" class="banner-place">
        {isLost && (
          <div class="notice bad lost">
            <span>
              <strong>Connection lost.</strong> What you see may be old; what you typed is kept. The page
              connects again by itself.
            </span>
            <Button onPress={connection.retry}>Connect now</Button>
          </div>
        )}
      </div>
      <div role="status" class="banner-place">
        {text !== '' && (
          <div class="notice good said">
            <span>{shown(text, 400)}</span>
            <Button kind="quiet" label="Hide this message" onPress={() => said.set('')}>
              ×
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
