import { render } from 'preact';
import { createClient } from './api/client.js';
import { Console } from './shell/console.js';
import { keepToken, readToken } from './shell/credentials.js';
import { createConnection } from './state/connection.js';
import { createStore } from './state/store.js';

const token = createStore(readToken());
token.subscribe(() => keepToken(token.get()));
const isSignedOut = createStore(false);
// Any answer, also a refusal, shows that the server can be reached.
const connection = createConnection(() => fetch('api/session', { credentials: 'same-origin' }));
const client = createClient({
  token: () => token.get(),
  onLost: () => connection.lost(),
  onSignedOut: () => isSignedOut.set(true),
});
addEventListener('online', () => connection.retry());

const place = document.querySelector('#app');
if (place)
  render(<Console client={client} connection={connection} token={token} isSignedOut={isSignedOut} />, place);
