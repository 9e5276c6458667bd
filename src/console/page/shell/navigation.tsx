import type { VNode } from 'preact';
import type { Session } from '../../wire/session.js';
import { Button } from '../parts/button.js';
import { shown } from '../parts/text.js';
import { link, useRoute } from '../state/route.js';
import { firstPage, pagesOf } from './pages.js';

interface NavigationProps {
  readonly session: Session;
  /** Absent without a typed token: the browser signs in by itself. */
  readonly onSignOut: (() => void) | undefined;
}

export function Navigation({ session, onSignOut }: NavigationProps): VNode {
  const [here = firstPage(session)] = useRoute().path;
  const canWrite = session.can.writeTargets || session.can.writeExecutions || session.can.deleteTargets;
  return (
    <header class="side">
      <p class="brand">
        <span class="mark" aria-hidden="true" />
        Actions
      </p>
      <nav aria-label="Pages">
        {pagesOf(session).map(({ path, name }) => (
          <a key={path} href={link([path])} aria-current={path === here ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div class="who">
        <p>
          <span class="quiet">Instance</span> {shown(session.instanceID, 60)}
        </p>
        {session.userID !== undefined && (
          <p>
            <span class="quiet">User</span> {shown(session.userID, 60)}
          </p>
        )}
        <p class="quiet">
          {canWrite ? 'May change' : 'May read'} · {shown(session.version, 30)}
        </p>
        {onSignOut && (
          <Button kind="quiet" onPress={onSignOut}>
            Sign out
          </Button>
        )}
      </div>
    </header>
  );
}
