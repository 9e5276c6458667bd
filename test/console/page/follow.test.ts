import { expect } from 'chai';
import { h, render } from 'preact';
import { useFollow, type Followed } from '../../../src/console/page/state/follow.js';
import { AppContext } from '../../../src/console/page/state/app.js';
import { createStore } from '../../../src/console/page/state/store.js';
import { closeAfterTest } from '../../support/closings.js';
import { until } from '../../support/conditions.js';

type App = NonNullable<Parameters<typeof AppContext.Provider>[0]['value']>;

/** Renders the hook without a document, over streams to which a test writes lines. */
function openFollow() {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const paths: string[] = [];
  let followed: Followed | undefined;
  const app = {
    connection: { generation: createStore(0) },
    client: {
      open(path: string) {
        paths.push(path);
        return Promise.resolve(
          new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) }),
        );
      },
    },
  } as unknown as App;
  const place = {} as Element;
  // The renderer compares the place with the document.
  Object.assign(globalThis, { document: {} });
  closeAfterTest(() => Reflect.deleteProperty(globalThis, 'document'));
  function Follower({ path, isOn }: { readonly path: string | undefined; readonly isOn: boolean }) {
    followed = useFollow(path, isOn);
    return null;
  }
  closeAfterTest(() => render(null, place));
  return {
    paths,
    show: (path: string | undefined, isOn: boolean) =>
      render(h(AppContext.Provider, { value: app, children: h(Follower, { path, isOn }) }), place),
    call: (number: number) => streams.at(-1)?.enqueue(Buffer.from(`${JSON.stringify({ number })}\n`)),
    numbers: () => followed?.calls.map(({ number }) => number),
    isFollowing: () => followed?.isFollowing === true,
  };
}

describe('the calls that a page follows', () => {
  it('stay when the page stops, and begin empty when it follows again or follows others', async () => {
    const { paths, show, call, numbers, isFollowing } = openFollow();
    show('calls/live', true);
    await until(isFollowing);
    call(1);
    call(2);
    await until(() => numbers()?.length === 2);
    expect(numbers()).to.deep.equal([2, 1]);

    show('calls/live', false);
    await until(() => !isFollowing());
    expect(numbers()).to.deep.equal([2, 1]);

    show('calls/live', true);
    await until(isFollowing);
    expect(numbers()).to.deep.equal([]);

    call(3);
    await until(() => numbers()?.length === 1);
    show('calls/live?verdict=failed', false);
    await until(() => numbers()?.length === 0);
    show(undefined, true);
    await until(() => !isFollowing());
    expect(paths).to.deep.equal(['calls/live', 'calls/live']);
  });
});
