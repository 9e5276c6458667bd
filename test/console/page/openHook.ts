import { h, render } from 'preact';
import type { Client } from '../../../src/console/page/api/client.js';
import { AppContext } from '../../../src/console/page/state/app.js';
import { createStore } from '../../../src/console/page/state/store.js';
import { closeAfterTest } from '../../support/closings.js';

type App = NonNullable<Parameters<typeof AppContext.Provider>[0]['value']>;

/** Renders a hook of the console without a document, over a client of the test, until the test ends. */
export function openHook<Given extends object, Result>(
  client: Partial<Client>,
  useHook: (given: Given) => Result,
) {
  const app = { connection: { generation: createStore(0) }, client } as unknown as App;
  const place = {} as Element;
  let result: Result | undefined;
  function Component({ given }: { readonly given: Given }) {
    result = useHook(given);
    return null;
  }
  // The renderer compares the place with the document.
  Object.assign(globalThis, { document: {} });
  closeAfterTest(() => Reflect.deleteProperty(globalThis, 'document'));
  closeAfterTest(() => render(null, place));
  return {
    show: (given: Given) =>
      render(h(AppContext.Provider, { value: app, children: h(Component, { given }) }), place),
    result: () => result,
  };
}
