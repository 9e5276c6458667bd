import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { TextField } from '../parts/field.js';

interface SignInProps {
  /** Whether the server refused the typed token. */
  readonly isRefused: boolean;
  readonly isBusy: boolean;
  readonly onSignIn: (token: string) => void;
}

export function SignIn({ isRefused, isBusy, onSignIn }: SignInProps): VNode {
  const [token, setToken] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSignIn(token.trim());
      }}
    >
      <p class="note">
        Your host names who may use the console. The token stays in this tab and is gone when it is closed.
      </p>
      <div role="alert">
        {isRefused && (
          <div class="notice bad">
            <strong>Not signed in.</strong> The server does not accept this token.
          </div>
        )}
      </div>
      <TextField
        label="Token"
        type="password"
        name="token"
        value={token}
        onChange={setToken}
        isRequired
        hint="Sent as an authorization header of type Bearer."
      />
      <div class="actions end">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
      </div>
    </form>
  );
}
