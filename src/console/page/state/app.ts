import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../../wire/session.js';
import type { Client } from '../api/client.js';
import type { Connection } from './connection.js';
import type { Store } from './store.js';

/** The context of every page. */
interface App {
  readonly client: Client;
  readonly connection: Connection;
  readonly session: Session;
  /** The result of the last change, shown until the next page. */
  readonly said: Store<string>;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('the component stands outside of the application');
  return app;
}
