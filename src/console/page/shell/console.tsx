import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Session } from '../../wire/session.js';
import type { Client } from '../api/client.js';
import { asFailure, type Failure } from '../api/requestFailure.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialogs/dialog.js';
import { Problem } from '../parts/problem.js';
import { AppContext } from '../state/app.js';
import type { Connection } from '../state/connection.js';
import { createStore, useStore, type Store } from '../state/store.js';
import { Banner } from './banner.js';
import { CurrentPage } from './currentPage.js';
import { Navigation } from './navigation.js';
import { SignIn } from './signIn.js';

interface ConsoleProps {
  readonly client: Client;
  readonly connection: Connection;
  readonly token: Store<string | undefined>;
  /** Whether the server requires the operator to sign in. */
  readonly isSignedOut: Store<boolean>;
}

/** The caller, as the server identifies it. Read again for each token. */
function useSession({ client, connection, token, isSignedOut }: ConsoleProps) {
  const typed = useStore(token);
  const generation = useStore(connection.generation);
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState<Failure>();
  const [isAsking, setAsking] = useState(true);
  useEffect(() => {
    const over = new AbortController();
    setAsking(true);
    client.get<Session>('api/session', over.signal).then(
      (answer) => {
        setSession((last) => (JSON.stringify(last) === JSON.stringify(answer) ? last : answer));
        setFailure(undefined);
        setAsking(false);
        isSignedOut.set(false);
      },
      (error: unknown) => {
        const why = asFailure(error);
        if (why.kind === 'ended') return;
        setFailure(why);
        setAsking(false);
      },
    );
    return () => over.abort();
  }, [client, isSignedOut, typed, generation]);
  return { session, failure, isAsking };
}

const Card = ({ children }: { readonly children: VNode }): VNode => (
  <main class="card">
    <p class="brand">
      <span class="mark" aria-hidden="true" />
      Actions console
    </p>
    {children}
  </main>
);

export function Console(props: ConsoleProps): VNode {
  const { client, connection, token, isSignedOut } = props;
  const { session, failure, isAsking } = useSession(props);
  const isOut = useStore(isSignedOut);
  const isTyped = useStore(token) !== undefined;
  const said = useMemo(() => createStore(''), []);
  const app = useMemo(
    () => (session ? { client, connection, session, said } : undefined),
    [client, connection, session, said],
  );
  const signIn = (
    <SignIn
      isRefused={isTyped && !isAsking}
      isBusy={isAsking}
      onSignIn={(typed) => {
        // Signing in with the same token tries again.
        if (typed === token.get()) connection.changed();
        else token.set(typed);
      }}
    />
  );
  if (!app) {
    if (isOut) {
      return (
        <Card>
          <>
            <h1>Sign in</h1>
            {signIn}
          </>
        </Card>
      );
    }
    return (
      <Card>
        <>
          <h1 class="hidden">Actions console</h1>
          {failure ? <Problem failure={failure} /> : <p class="loading">Loading…</p>}
          {failure && (
            <Button onPress={connection.changed} isBusy={isAsking}>
              Try again
            </Button>
          )}
        </>
      </Card>
    );
  }
  return (
    <AppContext.Provider value={app}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Navigation
        session={app.session}
        onSignOut={
          isTyped
            ? () => {
                token.set(undefined);
                location.reload();
              }
            : undefined
        }
      />
      <main id="main">
        <Banner />
        <CurrentPage />
      </main>
      {isOut && (
        <Dialog title="Sign in again" onClose={() => isSignedOut.set(false)}>
          {signIn}
        </Dialog>
      )}
    </AppContext.Provider>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.querySelector('h1')?.focus();
}
